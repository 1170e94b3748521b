// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.EFAULT;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;

import java.util.concurrent.ThreadLocalRandom;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.vm.Machine;

/**
 * Helpers about who runs the program: nobody does on a dead kernel. They answer as the kernel's own
 * do where there is no task: -EINVAL, zeroes, NULL. The CPU is the first. Also those about a given
 * task. Sources: kernel/bpf/helpers.c, kernel/trace/bpf_trace.c.
 */
final class Current {
  /** {@code THREAD_SIZE} of x86-64, where the kernel does not tell. */
  private static final int STACK = 4 * 4096;

  /** Bytes above them where the kernel is built for FRED ({@code TOP_OF_KERNEL_STACK_PADDING}). */
  private static final int PADDING = 16;

  /** A function that kernels have which are. */
  private static final String FRED = "asm_fred_entrypoint_user";

  private Current() {}

  static long refused(Machine m, long r1, long r2, long r3, long r4, long r5) {
    return -EINVAL;
  }

  static long none(Machine m, long r1, long r2, long r3, long r4, long r5) {
    return 0;
  }

  static long random(Machine m, long r1, long r2, long r3, long r4, long r5) {
    return ThreadLocalRandom.current().nextInt() & 0xFFFFFFFFL;
  }

  static long comm(Machine m, long into, long length, long r3, long r4, long r5) {
    clear(m, into, length);
    return -EINVAL;
  }

  static long namespaced(Machine m, long device, long inode, long into, long length, long r5) {
    clear(m, into, length);
    return -EINVAL;
  }

  private static void clear(Machine m, long into, long length) {
    int size = HelperState.size(m, into, length);
    m.write(into, new byte[size], 0, size);
  }

  static long perCpu(Machine m, long pointer, long cpu, long r3, long r4, long r5) {
    return Long.compareUnsigned(cpu & 0xFFFFFFFFL, m.snapshot().cpus()) < 0
        ? pointer + m.snapshot().perCpuOffset((int) cpu)
        : 0;
  }

  static long thisCpu(Machine m, long pointer, long r2, long r3, long r4, long r5) {
    return pointer + m.snapshot().perCpuOffset(0);
  }

  /** {@code bpf_task_pt_regs}: they lie at the top of the task's stack. */
  static long registers(Machine m, long task, long r2, long r3, long r4, long r5) {
    Types types = m.snapshot().types();
    long stack = m.kernel().loadOrZero(types.field("task_struct", "stack").at(task), 8);
    int size = types.has("thread_union") ? types.size("thread_union") : STACK;
    int padding = m.snapshot().symbols().find(FRED).isPresent() ? PADDING : 0;
    return stack + size - padding - types.size("pt_regs");
  }

  /** {@code bpf_copy_from_user}: nobody's. */
  static long copyFromUser(Machine m, long into, long length, long from, long r4, long r5) {
    clear(m, into, length);
    return -EFAULT;
  }

  /** {@code bpf_copy_from_user_task}: through the task's own page tables. */
  static long copyFromTask(Machine m, long into, long length, long from, long task, long flags) {
    if (flags != 0) {
      return -EINVAL;
    }
    int size = HelperState.size(m, into, length);
    byte[] bytes = m.helpers().scratch(size);
    Snapshot snapshot = m.snapshot();
    long mm = m.kernel().loadOrZero(snapshot.types().field("task_struct", "mm").at(task), 8);
    VirtualMemory space = mm == 0 ? null : m.helpers().space(m, mm);
    boolean all = space != null && from >= 0 && space.copy(from, bytes, 0, size) == size;
    m.write(into, all ? bytes : new byte[size], 0, size);
    return all || size == 0 ? 0 : -EFAULT;
  }
}
