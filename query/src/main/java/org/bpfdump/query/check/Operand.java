// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.Optional;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Value;

/** What an expression is, before it is known what it is wanted for. */
sealed interface Operand {
  Span span();

  /**
   * A number or an address.
   *
   * @param shown how, where a function says so; else its type does
   */
  record Scalar(Value value, Optional<Shown> shown) implements Operand {
    @Override
    public Span span() {
      return value.span();
    }
  }

  /**
   * Something in memory, not read yet. The place's reach is not decided yet either.
   *
   * @param bit for a bitfield its first bit, counted from the place as BTF does
   * @param bits how many bits; 0 unless it is a bitfield
   */
  record Thing(Span span, Place place, int bit, int bits) implements Operand {}

  /** Characters. */
  record Words(Text text) implements Operand {
    @Override
    public Span span() {
      return text.span();
    }
  }

  /** Bytes with a way to show them. */
  record Octets(Span span, Place place, int length, Shown shown) implements Operand {}

  /** An IPv4 address unless that is NULL, else an IPv6 one. */
  record Address(Span span, Value four, Place six) implements Operand {}

  /** A number with nothing said about how it is shown. */
  static Operand of(Value value) {
    return new Scalar(value, Optional.empty());
  }
}
