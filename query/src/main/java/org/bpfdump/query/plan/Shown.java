// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.plan;

import java.util.List;
import org.bpfdump.btf.BtfType;

/** How a cell is written for a person. The value itself stays what it is. */
public sealed interface Shown {
  /** A number in base 10; its sign is that of its type. */
  record Decimal() implements Shown {}

  /** {@code 0x1f}; addresses. */
  record Hexadecimal() implements Shown {}

  /** {@code true} or {@code false}. */
  record Truth() implements Shown {}

  /** One character. */
  record Letter() implements Shown {}

  /** The enumerator's name; a number that has none stays a number. */
  record Enumerators(List<BtfType.Enumerator> values) implements Shown {
    public Enumerators {
      values = List.copyOf(values);
    }
  }

  /**
   * The names of the bits that are set, with {@code |} between them and what has no name last.
   *
   * @param bits names and masks, as they are written
   */
  record Flags(List<BtfType.Enumerator> bits) implements Shown {
    public Flags {
      bits = List.copyOf(bits);
    }
  }

  /** A number of 16 bits in network byte order. */
  record Port() implements Shown {}

  /** 4 bytes in network byte order. */
  record Ipv4() implements Shown {}

  /** 16 bytes in network byte order. */
  record Ipv6() implements Shown {}

  /** The name of the user of this id. */
  record User() implements Shown {}

  /** Nanoseconds as a length of time. */
  record Duration() implements Shown {}

  /** Two hexadecimal digits a byte. */
  record Hexdump() implements Shown {}
}
