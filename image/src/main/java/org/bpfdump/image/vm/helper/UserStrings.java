// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.EFAULT;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;

import java.util.Arrays;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.vm.Machine;

/**
 * Functions that copy text out of a process: {@code bpf_copy_from_user_str} and {@code
 * bpf_copy_from_user_task_str}. Source: kernel/bpf/helpers.c, mm/memory.c.
 */
final class UserStrings {
  /** {@code BPF_F_PAD_ZEROS}: zeroes behind the text, to the end of the room. */
  private static final long PAD = 1;

  private UserStrings() {}

  /** Of the process that runs: there is none. */
  static long copy(Machine m, long into, long length, long from, long flags, long r5) {
    return copy(m, into, length, from, null, flags);
  }

  static long copyFromTask(Machine m, long into, long length, long from, long task, long flags) {
    long mm = m.kernel().loadOrZero(m.snapshot().types().field("task_struct", "mm").at(task), 8);
    return copy(m, into, length, from, mm == 0 ? null : m.helpers().space(m, mm), flags);
  }

  private static long copy(
      Machine m, long into, long length, long from, VirtualMemory space, long flags) {
    if ((flags & ~PAD) != 0) {
      return -EINVAL;
    }
    int room = HelperState.size(m, into, length);
    if (room == 0) {
      return 0;
    }
    byte[] text = new byte[room];
    int count = space == null ? -1 : read(space, from, text);
    if (count < 0) {
      m.write(into, text, 0, flags == PAD ? room : 1);
      return -EFAULT;
    }
    m.write(into, text, 0, flags == PAD ? room : count);
    return count;
  }

  /** Bytes of a text with its NUL, for which there is always room; -1 when it is not all there. */
  private static int read(VirtualMemory space, long from, byte[] into) {
    byte[] one = new byte[1];
    for (int count = 0; count < into.length - 1; count++) {
      if (from + count < 0 || space.copy(from + count, one, 0, 1) != 1) {
        Arrays.fill(into, (byte) 0);
        return -1;
      }
      into[count] = one[0];
      if (one[0] == 0) {
        return count + 1;
      }
    }
    return into.length;
  }
}
