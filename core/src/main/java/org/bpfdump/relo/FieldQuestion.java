// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.nio.ByteOrder;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.Kind;
import org.bpfdump.error.RelocationException;

/**
 * Asks for a field: whether there is one, where it lies, how large it is, how to get at its bits.
 */
record FieldQuestion(CoreRelocation.Kind kind, Access field) implements Question {
  static FieldQuestion of(CoreRelocation relocation, Types local) {
    int[] path = AccessPath.parse(relocation.access());
    return new FieldQuestion(relocation.kind(), LocalAccess.follow(local, relocation.type(), path));
  }

  @Override
  public Answer expected() {
    return answer(field);
  }

  @Override
  public Answer ask(Types kernel, int candidate) {
    Access found = FieldMatcher.match(field, kernel, candidate);
    return found == null ? null : answer(found);
  }

  @Override
  public Answer missing() {
    return kind == CoreRelocation.Kind.FIELD_EXISTS ? Answer.of(0) : null;
  }

  private Answer answer(Access access) {
    if (kind == CoreRelocation.Kind.FIELD_EXISTS) {
      return new Answer(1, access.bitOffset(), 0, Answer.Load.OTHER, true);
    }
    if (access.end() instanceof Access.Field member) {
      return member.bitfieldSize() > 0 ? bitfield(access, member) : plain(access, member.type());
    }
    return element(access, access.end().type());
  }

  private Answer element(Access access, int type) {
    return switch (kind) {
      case FIELD_BYTE_OFFSET -> offset(access, type);
      case FIELD_BYTE_SIZE -> value(access, access.types().sizeOf(type));
      default ->
          throw new RelocationException(
              "only the offset and the size of an array element can be asked for;"
                  + " ask about the array's element type instead");
    };
  }

  private Answer plain(Access access, int type) {
    return switch (kind) {
      case FIELD_BYTE_OFFSET -> offset(access, access.types().resolve(type));
      case FIELD_BYTE_SIZE -> value(access, access.types().sizeOf(type));
      case FIELD_SIGNED -> value(access, signed(access, type) ? 1 : 0);
      case FIELD_LSHIFT_U64 -> {
        long bytes = access.types().sizeOf(type);
        long bit = access.bitOffset() % 8;
        yield value(access, leftShift(access, bit, bytes * 8, bytes));
      }
      case FIELD_RSHIFT_U64 -> value(access, 64 - access.types().sizeOf(type) * 8);
      default -> throw new IllegalStateException(kind.name());
    };
  }

  /**
   * A bitfield is read by loading the aligned word around it and shifting twice. The word is as
   * large as the declared type, or larger while the bits reach beyond it.
   */
  private Answer bitfield(Access access, Access.Field member) {
    long bits = member.bitfieldSize();
    long bytes = declaredSize(access.types().resolved(member.type()));
    long start = access.bitOffset() / 8 / bytes * bytes;
    while (access.bitOffset() + bits > (start + bytes) * 8) {
      if (bytes >= 8) {
        throw new RelocationException(
            "its bits lie across two 64-bit words; read the bytes around them instead");
      }
      bytes *= 2;
      start = access.bitOffset() / 8 / bytes * bytes;
    }
    // The compiler may load another word than this rule says, so most values are not certain.
    return switch (kind) {
      case FIELD_BYTE_OFFSET -> uncertain(access, start);
      case FIELD_BYTE_SIZE -> uncertain(access, bytes);
      case FIELD_LSHIFT_U64 ->
          uncertain(access, leftShift(access, access.bitOffset() - start * 8, bits, bytes));
      case FIELD_SIGNED -> value(access, signed(access, member.type()) ? 1 : 0);
      case FIELD_RSHIFT_U64 -> value(access, 64 - bits);
      default -> throw new IllegalStateException(kind.name());
    };
  }

  private static long declaredSize(BtfType type) {
    int size = 0;
    if (type instanceof BtfType.Int integer) {
      size = integer.size();
    } else if (type instanceof BtfType.Enumeration enumeration) {
      size = enumeration.size();
    }
    if (size <= 0) {
      throw new RelocationException(
          "its bitfield is of a type without a size; the BTF may be damaged");
    }
    return size;
  }

  /**
   * How far to shift left the word of {@code bytes} bytes, loaded into a 64-bit register, so that
   * the first of {@code bits} bits from {@code bit} is the register's highest.
   */
  private static long leftShift(Access access, long bit, long bits, long bytes) {
    return access.types().order() == ByteOrder.LITTLE_ENDIAN
        ? 64 - (bit + bits)
        : 64 - bytes * 8 + bit;
  }

  private static boolean signed(Access access, int type) {
    BtfType resolved = access.types().resolved(type);
    return resolved instanceof BtfType.Int integer
        ? integer.signed()
        : resolved instanceof BtfType.Enumeration enumeration && enumeration.signed();
  }

  /** The offset of a field of a resolved type, and what a load there loads: an array's element. */
  private static Answer offset(Access access, int type) {
    Types types = access.types();
    Answer.Load load = Answer.Load.OTHER;
    if (types.kind(type) == Kind.PTR) {
      load = Answer.Load.POINTER;
    } else if (types.type(type) instanceof BtfType.Int integer
        && (!integer.signed() || integer.character() || integer.bool())) {
      load = Answer.Load.UNSIGNED;
    }
    long bits = access.bitOffset();
    return new Answer(bits / 8, bits, types.sizeOf(types.innermost(type)), load, true);
  }

  private static Answer value(Access access, long value) {
    return new Answer(value, access.bitOffset(), 0, Answer.Load.OTHER, true);
  }

  private static Answer uncertain(Access access, long value) {
    return new Answer(value, access.bitOffset(), 0, Answer.Load.OTHER, false);
  }
}
