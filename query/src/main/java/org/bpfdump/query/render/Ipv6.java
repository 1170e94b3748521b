// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import java.nio.ByteBuffer;

/** IPv6 addresses as RFC 5952 writes them. */
final class Ipv6 {
  private static final int GROUPS = 8;

  private Ipv6() {}

  /** Writes the 16 bytes between position and limit, in network byte order. */
  static void write(ByteBuffer address, TextBuffer out) {
    int start = -1;
    int length = 1; // a single group of zeroes is written
    for (int i = 0; i < GROUPS; i++) {
      int end = i;
      while (end < GROUPS && group(address, end) == 0) {
        end++;
      }
      if (end - i > length) {
        start = i;
        length = end - i;
      }
      i = Math.max(i, end - 1);
    }
    if (mapped(address)) {
      out.put("::ffff:");
      for (int i = 12; i < 16; i++) {
        out.put(i == 12 ? "" : ".").putUnsigned(address.get(address.position() + i) & 0xFF);
      }
      return;
    }
    for (int i = 0; i < GROUPS; i++) {
      if (i == start) {
        out.put("::");
        i += length - 1;
      } else {
        out.put(i == 0 || (start >= 0 && i == start + length) ? "" : ":");
        out.putHex(group(address, i));
      }
    }
  }

  /** Whether it is an IPv4 address in IPv6's clothes, {@code ::ffff:0:0/96}. */
  private static boolean mapped(ByteBuffer address) {
    for (int i = 0; i < 5; i++) {
      if (group(address, i) != 0) {
        return false;
      }
    }
    return group(address, 5) == 0xFFFF;
  }

  private static int group(ByteBuffer address, int index) {
    int at = address.position() + 2 * index;
    return (address.get(at) & 0xFF) << 8 | (address.get(at + 1) & 0xFF);
  }
}
