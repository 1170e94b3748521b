// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.util.Arrays;
import org.bpfdump.error.RelocationException;

/** Reads access strings: up to 64 numbers between colons, {@code 0:1:0}. */
final class AccessPath {
  /** As many steps as libbpf and the kernel follow ({@code BPF_CORE_SPEC_MAX_LEN}). */
  static final int MAX_STEPS = 64;

  private AccessPath() {}

  /** The numbers, at least one. */
  static int[] parse(String access) {
    int[] steps = new int[8];
    int count = 0;
    int at = 0;
    int length = access.length();
    do {
      if (count == MAX_STEPS) {
        throw new RelocationException(
            "the field lies deeper than 64 steps; take the address of a struct on the way first");
      }
      if (count == steps.length) {
        steps = Arrays.copyOf(steps, count * 2);
      }
      int start = at;
      long number = 0;
      while (at < length && access.charAt(at) >= '0' && access.charAt(at) <= '9') {
        number = number * 10 + access.charAt(at) - '0';
        if (number > Integer.MAX_VALUE) {
          throw malformed(access);
        }
        at++;
      }
      if (at == start || (at < length && access.charAt(at) != ':')) {
        throw malformed(access);
      }
      steps[count++] = (int) number;
    } while (at++ < length);
    return Arrays.copyOf(steps, count);
  }

  private static RelocationException malformed(String access) {
    String shown = access.length() > 40 ? access.substring(0, 40) + "..." : access;
    return new RelocationException(
        "its access string \"" + shown + "\" is malformed; compile the program again");
  }
}
