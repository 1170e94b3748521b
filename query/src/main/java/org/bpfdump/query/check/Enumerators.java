// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.Kind;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/** The names of numbers that the kernel's types have. Macros are not among them. */
final class Enumerators {
  private final Types types;

  Enumerators(Types types) {
    this.types = types;
  }

  /** The constant of this name, or null. */
  Value constant(Span span, String name) {
    Value found = null;
    int first = 0;
    for (Btf btf = types.btf(); btf != null; btf = btf.base().orElse(null)) {
      for (int id : btf.withEnumerator(name)) {
        if (btf.type(id) instanceof BtfType.Enumeration enumeration) {
          long value = value(enumeration, name);
          Value here = new Value.Constant(span, type(enumeration, value), value);
          if (found == null) {
            found = here;
            first = id;
          } else if (!found.equals(here)) {
            throw Fault.at(
                span,
                name
                    + " is "
                    + ((Value.Constant) found).value()
                    + " in "
                    + types.describe(first)
                    + " and "
                    + value
                    + " in "
                    + types.describe(id)
                    + ": write the number");
          }
        }
      }
    }
    return found;
  }

  private static long value(BtfType.Enumeration enumeration, String name) {
    for (BtfType.Enumerator e : enumeration.values()) {
      if (e.name().equals(name)) {
        return e.value();
      }
    }
    throw new IllegalArgumentException("no enumerator " + name);
  }

  /** An int where the value is one, as in C; else the enumeration's own type. */
  private static Type.Int type(BtfType.Enumeration enumeration, long value) {
    if (value == (int) value) {
      return Type.INT;
    }
    return enumeration.size() == 8 ? new Type.Int(8, enumeration.signed(), 0) : Types.UINT;
  }

  /**
   * Those of one bit whose names begin so, by value. Where enumerations have the same bit, it is
   * that of the one with the most such names: TCPF_ begins the names of all states of TCP, and of a
   * few flags of its queues.
   */
  List<BtfType.Enumerator> bits(String prefix) {
    List<List<BtfType.Enumerator>> each = new ArrayList<>();
    for (Btf btf = types.btf(); btf != null; btf = btf.base().orElse(null)) {
      for (int id : btf.withEnumerators(prefix)) {
        if (btf.type(id) instanceof BtfType.Enumeration enumeration) {
          each.add(
              enumeration.values().stream()
                  .filter(e -> e.name().startsWith(prefix) && Long.bitCount(e.value()) == 1)
                  .toList());
        }
      }
    }
    each.sort((a, b) -> Integer.compare(b.size(), a.size()));
    List<BtfType.Enumerator> found = new ArrayList<>();
    long taken = 0;
    for (List<BtfType.Enumerator> names : each) {
      long here = 0;
      for (BtfType.Enumerator e : names) {
        if ((taken & e.value()) == 0) {
          found.add(e);
          here |= e.value();
        }
      }
      taken |= here;
    }
    found.sort((a, b) -> Long.compareUnsigned(a.value(), b.value()));
    return found;
  }

  /** All names, for guessing which one was meant. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    for (Btf btf = types.btf(); btf != null; btf = btf.base().orElse(null)) {
      for (int kind : new int[] {Kind.ENUM, Kind.ENUM64}) {
        for (int id : btf.ofKind(kind)) {
          if (btf.type(id) instanceof BtfType.Enumeration enumeration) {
            for (BtfType.Enumerator e : enumeration.values()) {
              names.add(e.name());
            }
          }
        }
      }
    }
    return names;
  }
}
