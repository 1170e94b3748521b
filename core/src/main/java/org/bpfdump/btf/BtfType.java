// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.util.List;

/**
 * One BTF type. Names are empty where the type is anonymous; references to other types are ids in
 * the same {@link Btf}. Source: {@code include/uapi/linux/btf.h}.
 */
// The kinds have the format's own names, and are written BtfType.Enum where they are used.
@SuppressWarnings("AvoidCommonTypeNames")
public sealed interface BtfType {
  /** The type's name; empty when it has none. */
  default String name() {
    return "";
  }

  /** A type that C spells with a tag and members. */
  sealed interface Composite extends BtfType {
    /** Size in bytes. */
    int size();

    /** Members in the order of declaration. */
    List<Member> members();
  }

  /** An enumeration of 32 or 64 bits. */
  sealed interface Enumeration extends BtfType {
    /** Size in bytes: 1, 2, 4 or 8. */
    int size();

    /** Whether values are signed. */
    boolean signed();

    /** Enumerators in the order of declaration. */
    List<Enumerator> values();
  }

  /** A type that stands for another one of the same layout. */
  sealed interface Modifier extends BtfType {
    /** Id of the type stood for. */
    int type();
  }

  /** No type; always id 0. */
  record Void() implements BtfType {}

  /** An integer: {@code size} bytes, of which {@code bits} from bit {@code bitOffset} are used. */
  record Int(
      String name,
      int size,
      int bitOffset,
      int bits,
      boolean signed,
      boolean bool,
      boolean character)
      implements BtfType {}

  /** A pointer to {@code type}. */
  record Ptr(int type) implements BtfType {}

  /** {@code count} elements (unsigned) of type {@code element}. */
  record Array(int element, int index, int count) implements BtfType {}

  /** A struct. */
  record Struct(String name, int size, List<Member> members) implements Composite {}

  /** A union. */
  record Union(String name, int size, List<Member> members) implements Composite {}

  /** An enum whose values fit 32 bits. */
  record Enum(String name, int size, boolean signed, List<Enumerator> values)
      implements Enumeration {}

  /** An enum of 64 bits. */
  record Enum64(String name, int size, boolean signed, List<Enumerator> values)
      implements Enumeration {}

  /** A struct or union declared and not defined. */
  record Fwd(String name, boolean union) implements BtfType {}

  /** A typedef. */
  record Typedef(String name, int type) implements Modifier {}

  /** {@code volatile}. */
  record Volatile(int type) implements Modifier {}

  /** {@code const}. */
  record Const(int type) implements Modifier {}

  /** {@code restrict}. */
  record Restrict(int type) implements Modifier {}

  /** A function, of prototype {@code type}. */
  record Func(String name, int type, Linkage linkage) implements BtfType {}

  /** A prototype. A last parameter without name and type means variable arguments. */
  record FuncProto(int returns, List<Parameter> parameters) implements BtfType {}

  /** A global variable. */
  record Var(String name, int type, Linkage linkage) implements BtfType {}

  /** A section of variables. */
  record Datasec(String name, int size, List<Variable> variables) implements BtfType {}

  /** A floating-point number. */
  record Float(String name, int size) implements BtfType {}

  /** An attribute of a declaration; {@code component} is -1 for the whole of {@code type}. */
  record DeclTag(String name, int type, int component) implements BtfType {}

  /** An attribute of a type, such as {@code __rcu}. */
  record TypeTag(String name, int type) implements Modifier {}

  /** A kind that this version does not know but the BTF's own layout table lets it pass over. */
  record Unknown(String name, int kind) implements BtfType {}

  /** A member; {@code bitfieldSize} is 0 unless it is a bitfield. */
  record Member(String name, int type, int bitOffset, int bitfieldSize) {}

  /** An enumerator; sign-extended when its enumeration is signed, else zero-extended. */
  record Enumerator(String name, long value) {}

  /** A function's parameter. */
  record Parameter(String name, int type) {}

  /** A variable's place in a section, in bytes; {@code type} is the id of a {@link Var}. */
  record Variable(int type, int offset, int size) {}

  /** Who sees a function or variable. */
  enum Linkage {
    /** One file. */
    STATIC,
    /** Everyone. */
    GLOBAL,
    /** Defined elsewhere. */
    EXTERN
  }
}
