// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import org.bpfdump.error.RelocationException;

/** Asks for a type: whether there is one, its id or its size. */
record TypeQuestion(CoreRelocation.Kind kind, Types local, int type) implements Question {
  static TypeQuestion of(CoreRelocation relocation, Types local) {
    if (!relocation.access().equals("0")) {
      throw new RelocationException(
          "its access string is not \"0\", as a type's is; compile the program again");
    }
    return new TypeQuestion(relocation.kind(), local, relocation.type());
  }

  @Override
  public Answer expected() {
    return answer(local, type);
  }

  @Override
  public Answer ask(Types kernel, int candidate) {
    boolean matches =
        kind == CoreRelocation.Kind.TYPE_MATCHES
            ? new TypeMatch(local, kernel).check(type, candidate)
            : new TypeCompatibility(local, kernel).check(type, candidate);
    return matches ? answer(kernel, candidate) : null;
  }

  @Override
  public Answer missing() {
    return Answer.of(0);
  }

  private Answer answer(Types types, int id) {
    return switch (kind) {
      case TYPE_SIZE -> Answer.of(types.sizeOf(id));
      // Linkers and BTF deduplication move ids without looking into instructions.
      case TYPE_ID_LOCAL, TYPE_ID_TARGET -> Answer.uncertain(id);
      case TYPE_EXISTS, TYPE_MATCHES -> Answer.of(1);
      default -> throw new IllegalStateException(kind.name());
    };
  }
}
