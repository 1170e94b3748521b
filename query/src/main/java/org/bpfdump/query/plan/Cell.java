// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.plan;

/** What a column holds. */
public sealed interface Cell {
  /** A number or an address. */
  record Scalar(Value value, Shown shown) implements Cell {}

  /** Characters. */
  record Characters(Text text) implements Cell {}

  /**
   * Bytes as they are in memory, such as an IPv6 address.
   *
   * @param length how many, from 1 to 256
   */
  record Bytes(Place place, int length, Shown shown) implements Cell {}
}
