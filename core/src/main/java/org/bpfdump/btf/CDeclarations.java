// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import org.bpfdump.error.MalformedException;

/**
 * Shows types as C: one declaration on one line, or a header of types with all that they need.
 *
 * <pre>{@code
 * CDeclarations c = new CDeclarations(btf);
 * c.declare(pointerId, "task");  // struct task_struct *task
 * c.header(btf.findId("file", BtfType.Struct.class));  // compiles, with the same layout
 * }</pre>
 *
 * <p>Attributes of types and declarations ({@code __rcu}) are left out. What is not a C identifier
 * in a name becomes underscores.
 */
public final class CDeclarations {
  private final Btf btf;

  /** Shows the types of {@code btf} and its bases. */
  public CDeclarations(Btf btf) {
    this.btf = btf;
  }

  /**
   * A declaration of {@code name}, or a bare type when that is empty; without a semicolon. For a
   * function the prototype. The members of a type without a name are shown as an ellipsis.
   *
   * @throws MalformedException when the type refers to none, or nests without end
   */
  public String declare(int id, String name) {
    return new CDeclarator(btf, new Names(), 0, CText.MAX_DECLARATION).declare(id, name);
  }

  /**
   * A header that defines these types and, in an order that C takes, all that their layout needs. A
   * type that is only pointed to is declared. Sizes and offsets, including those of bitfields, are
   * the same as here when compiled for this BTF's architecture or for BPF.
   */
  public String header(int... ids) {
    CHeader header = new CHeader(btf);
    for (int id : ids) {
      header.define(id);
    }
    return header.text();
  }

  /** A header of all types, the base's included: what {@code vmlinux.h} is. */
  public String header() {
    CHeader header = new CHeader(btf);
    for (int id = 1; id < btf.size(); id++) {
      header.defineIfNamed(id);
    }
    for (int id = 1; id < btf.size(); id++) {
      header.defineConstants(id);
    }
    return header.text();
  }

  /** Types as one line refers to them. */
  private static final class Names implements CDeclarator.Specifiers {
    @Override
    public String of(int id, BtfType type, int depth) {
      String name = CNames.identifier(type.name());
      String tag = CDeclarator.tag(type);
      if (tag.isEmpty()) {
        return name;
      }
      return name.isEmpty() ? tag + " { ... }" : tag + " " + name;
    }
  }
}
