// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import org.bpfdump.btf.BtfType;
import org.bpfdump.error.RelocationException;

/** Asks for an enumerator: whether there is one of its name, or its value. */
record EnumeratorQuestion(
    boolean exists, Types local, BtfType.Enumeration enumeration, BtfType.Enumerator enumerator)
    implements Question {

  static EnumeratorQuestion of(CoreRelocation relocation, Types local) {
    int[] path = AccessPath.parse(relocation.access());
    if (!(local.resolved(relocation.type()) instanceof BtfType.Enumeration enumeration)) {
      throw new RelocationException("it names no enum; compile the program again");
    }
    if (path.length != 1 || path[0] >= enumeration.values().size()) {
      throw new RelocationException("its enum has no such enumerator; compile the program again");
    }
    boolean exists = relocation.kind() == CoreRelocation.Kind.ENUMVAL_EXISTS;
    return new EnumeratorQuestion(exists, local, enumeration, enumeration.values().get(path[0]));
  }

  @Override
  public Answer expected() {
    return answer(enumeration, enumerator);
  }

  @Override
  public Answer ask(Types kernel, int candidate) {
    if (!(kernel.resolved(candidate) instanceof BtfType.Enumeration theirs)) {
      return null;
    }
    BtfType.Enumerator found = find(theirs, enumerator.name(), kernel.allowance());
    return found == null ? null : answer(theirs, found);
  }

  @Override
  public Answer missing() {
    return exists ? Answer.of(0) : null;
  }

  private Answer answer(BtfType.Enumeration owner, BtfType.Enumerator found) {
    if (exists) {
      return Answer.of(1);
    }
    // Whether 32 bits are signed is not to be relied on: old BTF does not say. libbpf sign-extends.
    return Answer.of(owner instanceof BtfType.Enum ? (int) found.value() : found.value());
  }

  /** The first enumerator of this name, flavours aside; null for none. */
  static BtfType.Enumerator find(BtfType.Enumeration in, String name, Allowance allowance) {
    for (BtfType.Enumerator candidate : in.values()) {
      allowance.spend(1);
      if (FieldCompatibility.sameName(name, candidate.name())) {
        return candidate;
      }
    }
    return null;
  }
}
