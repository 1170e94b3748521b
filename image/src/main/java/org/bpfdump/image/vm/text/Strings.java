// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.ProgramMemory;

/** Strings in memory, which may end before they do. */
public final class Strings {
  private static final int PIECE = 256;

  private Strings() {}

  /**
   * Copies a string as strncpy_from_kernel_nofault does: all that fits, ended by a NUL in any case.
   *
   * @param most how many bytes there is room for, the NUL included
   * @return how many bytes were written, the NUL included; 0 when there is room for none; -1 when
   *     memory ends before the string does
   */
  public static int copy(Machine machine, long address, byte[] into, int offset, int most) {
    if (most <= 0) {
      return 0;
    }
    int length = search(machine, address, into, offset, most);
    if (length < 0) {
      return -1;
    }
    int end = Math.min(length, most - 1);
    into[offset + end] = 0;
    return end + 1;
  }

  /** The bytes before the NUL, {@code most} when there is none among as many; -1 for a fault. */
  private static int search(Machine machine, long address, byte[] into, int offset, int most) {
    if (ProgramMemory.isOwn(address)) {
      byte[] bytes = machine.own().bytes(address);
      long start = address & 0xFFFFFFFFL;
      if (start > bytes.length) {
        return -1;
      }
      int n = Math.min(most, bytes.length - (int) start);
      System.arraycopy(bytes, (int) start, into, offset, n);
      int end = nul(into, offset, n);
      return end < n || n == most ? end : -1;
    }
    int length = 0;
    while (length < most) {
      int wanted = Math.min(most - length, PIECE);
      int n = machine.kernel().copy(address + length, into, offset + length, wanted);
      int end = nul(into, offset + length, n);
      length += end;
      if (end < n) {
        return length;
      }
      if (n < wanted) {
        return -1;
      }
    }
    return length;
  }

  private static int nul(byte[] bytes, int offset, int length) {
    for (int i = 0; i < length; i++) {
      if (bytes[offset + i] == 0) {
        return i;
      }
    }
    return length;
  }
}
