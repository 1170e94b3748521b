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

  /**
   * An address of the network: IPv4 unless that is NULL, else IPv6.
   *
   * @param four 4 bytes in network order
   * @param six 16 bytes in network order
   */
  record Address(Value four, Place six, Shown shown) implements Cell {}
}
