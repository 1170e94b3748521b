// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.E2BIG;
import static org.bpfdump.image.vm.helper.Errno.EFAULT;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;

import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.walk.container.References;
import org.bpfdump.image.walk.memory.DmabufTarget;

/**
 * {@code bpf_iter_*}: iterators that a program opens itself, each in a few bytes of its own. Those
 * over numbers keep their place there; of the others the machine keeps it, by their address.
 * Sources: kernel/bpf/bpf_iter.c, task_iter.c, cgroup_iter.c, kmem_cache_iter.c, dmabuf_iter.c,
 * helpers.c.
 */
final class Iterators {
  private static final long MOST_NUMBERS = 8 << 20;
  private static final int MOST_WORDS = 511;

  /** Where an iterator over bits has the bit: {@code struct bpf_iter_bits_kern}. */
  private static final int BIT = 12;

  private Iterators() {}

  private static int get(Machine m, long at) {
    byte[] b = m.helpers().scratch(8);
    m.read(at, b, 0, 4);
    return (b[0] & 0xFF) | ((b[1] & 0xFF) << 8) | ((b[2] & 0xFF) << 16) | ((b[3] & 0xFF) << 24);
  }

  private static void put(Machine m, long at, int value) {
    byte[] bytes = m.helpers().scratch(8);
    for (int i = 0; i < 4; i++) {
      bytes[i] = (byte) (value >>> (8 * i));
    }
    m.write(at, bytes, 0, 4);
  }

  static long newNumbers(Machine m, long it, long start, long end, long r4, long r5) {
    int first = (int) start;
    int last = (int) end;
    int error = first > last ? -EINVAL : (long) last - first > MOST_NUMBERS ? -E2BIG : 0;
    put(m, it, error == 0 ? first - 1 : 0);
    put(m, it + 4, error == 0 ? last : 0);
    return error;
  }

  static long nextNumber(Machine m, long it, long r2, long r3, long r4, long r5) {
    int now = get(m, it);
    if (now + 1 >= get(m, it + 4)) {
      return endNumbers(m, it, r2, r3, r4, r5);
    }
    put(m, it, now + 1);
    return it;
  }

  static long endNumbers(Machine m, long it, long r2, long r3, long r4, long r5) {
    put(m, it, 0);
    put(m, it + 4, 0);
    return 0;
  }

  static long newBits(Machine m, long it, long from, long words, long r4, long r5) {
    int count = (int) words;
    m.helpers().close(it);
    if (count <= 0 || count > MOST_WORDS) {
      return count == 0 ? -EINVAL : -E2BIG;
    }
    byte[] bits = new byte[8 * count];
    if (m.read(from, bits, 0, bits.length) != 0) {
      return -EFAULT;
    }
    put(m, it + BIT, -1);
    m.helpers()
        .open(
            it,
            machine -> {
              int bit = get(machine, it + BIT) + 1;
              while (bit >= 0 && bit < 8 * bits.length && ((bits[bit / 8] >> (bit % 8)) & 1) == 0) {
                bit++;
              }
              boolean found = bit >= 0 && bit < 8 * bits.length;
              put(machine, it + BIT, found ? bit : 8 * bits.length);
              return found ? it + BIT : 0;
            });
    return 0;
  }

  static long nextBit(Machine m, long it, long r2, long r3, long r4, long r5) {
    return next(m, it, r2, r3, r4, r5);
  }

  static long newTasks(Machine m, long it, long task, long flags, long r4, long r5) {
    return open(m, it, TaskFunctions.tasks(m, task, (int) flags));
  }

  static long newAreas(Machine m, long it, long task, long address, long r4, long r5) {
    return open(m, it, TaskFunctions.areas(m, task, address));
  }

  static long newStates(Machine m, long it, long start, long order, long r4, long r5) {
    return open(m, it, CgroupStates.of(m, start, (int) order));
  }

  static long newCgroupTasks(Machine m, long it, long state, long flags, long r4, long r5) {
    return open(m, it, CgroupTasks.of(m, state, (int) flags));
  }

  static long newCaches(Machine m, long it, long r2, long r3, long r4, long r5) {
    int link = m.snapshot().types().field("kmem_cache", "list").offset();
    return open(m, it, new ListOf(m, m.snapshot().root(Root.SLAB_CACHES), link));
  }

  static long newBuffers(Machine m, long it, long r2, long r3, long r4, long r5) {
    Types types = m.snapshot().types();
    Field file = types.field("dma_buf", "file");
    References references = References.ofFiles(types);
    int link = types.field("dma_buf", "list_node").offset();
    ListOf all = new ListOf(m, DmabufTarget.head(m.snapshot()), link);
    return open(
        m,
        it,
        machine -> {
          long buffer = all.next(machine);
          while (buffer != 0 && !isAlive(machine, references, file.at(buffer))) {
            machine.charge(1);
            buffer = all.next(machine);
          }
          return buffer;
        });
  }

  private static boolean isAlive(Machine m, References references, long pointer) {
    try {
      return references.isAlive(m.kernel(), m.kernel().u64(pointer));
    } catch (MemoryFaultException e) {
      return false;
    }
  }

  private static long open(Machine m, long it, Cursor cursor) {
    m.helpers().close(it);
    if (cursor == null) {
      return -EINVAL;
    }
    m.helpers().open(it, cursor);
    return 0;
  }

  static long next(Machine m, long it, long r2, long r3, long r4, long r5) {
    m.charge(1);
    Cursor cursor = m.helpers().cursor(it);
    return cursor == null ? 0 : cursor.next(m);
  }

  static long end(Machine m, long it, long r2, long r3, long r4, long r5) {
    m.helpers().close(it);
    return 0;
  }
}
