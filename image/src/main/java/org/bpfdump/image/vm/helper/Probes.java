// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.EFAULT;
import static org.bpfdump.image.vm.helper.Errno.ERANGE;

import java.util.Arrays;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.ProgramMemory;
import org.bpfdump.image.vm.text.Strings;

/**
 * Helpers that read memory which may not be there. There is no process whose own memory a program
 * could read: what is the user's is never there. Sources: kernel/trace/bpf_trace.c, mm/maccess.c.
 */
final class Probes {
  private Probes() {}

  static long read(Machine m, long into, long length, long from, long r4, long r5) {
    return isUser(from)
        ? readUser(m, into, length, from, r4, r5)
        : readKernel(m, into, length, from, r4, r5);
  }

  static long readString(Machine m, long into, long length, long from, long r4, long r5) {
    return isUser(from)
        ? readUserString(m, into, length, from, r4, r5)
        : readKernelString(m, into, length, from, r4, r5);
  }

  static long readKernel(Machine m, long into, long length, long from, long r4, long r5) {
    int size = HelperState.size(m, into, length);
    byte[] scratch = m.helpers().scratch(size);
    int error = isKernel(m, from) ? m.read(from, scratch, 0, size) : -ERANGE;
    if (error != 0) {
      Arrays.fill(scratch, 0, size, (byte) 0);
    }
    m.write(into, scratch, 0, size);
    return error;
  }

  static long readUser(Machine m, long into, long length, long from, long r4, long r5) {
    clear(m, into, HelperState.size(m, into, length));
    return -EFAULT;
  }

  static long readKernelString(Machine m, long into, long length, long from, long r4, long r5) {
    int size = HelperState.size(m, into, length);
    if (size == 0) {
      return 0;
    }
    byte[] scratch = m.helpers().scratch(size);
    int read = isKernel(m, from) ? Strings.copy(m, from, scratch, 0, size) : -1;
    if (read < 0) {
      clear(m, into, size);
      return isKernel(m, from) ? -EFAULT : -ERANGE;
    }
    m.write(into, scratch, 0, read);
    return read;
  }

  static long readUserString(Machine m, long into, long length, long from, long r4, long r5) {
    int size = HelperState.size(m, into, length);
    clear(m, into, size);
    return size == 0 ? 0 : -EFAULT;
  }

  private static void clear(Machine m, long into, int size) {
    byte[] scratch = m.helpers().scratch(size);
    Arrays.fill(scratch, 0, size, (byte) 0);
    m.write(into, scratch, 0, size);
  }

  /** In the lower half, where a 64-bit machine has processes. */
  private static boolean isUser(long address) {
    return address >>> 56 == 0;
  }

  /** What the kernel tries to read at all. */
  private static boolean isKernel(Machine m, long address) {
    return ProgramMemory.isOwn(address) || address >> m.helpers().addressBits(m) == -1;
  }
}
