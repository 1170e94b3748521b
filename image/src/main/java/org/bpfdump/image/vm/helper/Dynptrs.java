// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.E2BIG;
import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.ERANGE;

import java.util.Arrays;
import org.bpfdump.image.vm.Machine;

/**
 * Pointers that know how much they point to: address, size and offset are in the program's own 16
 * bytes, as the kernel's are. What they point to is checked on each use. Source:
 * kernel/bpf/helpers.c, {@code struct bpf_dynptr_kern}.
 */
final class Dynptrs {
  static final int MOST = (1 << 24) - 1;

  private Dynptrs() {}

  private static long get(Machine m, long at, int size) {
    byte[] bytes = m.helpers().scratch(8);
    m.read(at, bytes, 0, size);
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[i] & 0xFFL) << (8 * i);
    }
    return value;
  }

  static void put(Machine m, long pointer, long data, long size, long offset) {
    byte[] bytes = m.helpers().scratch(16);
    for (int i = 0; i < 8; i++) {
      bytes[i] = (byte) (data >>> (8 * i));
      bytes[8 + i] = (byte) ((size | (offset << 32)) >>> (8 * i));
    }
    m.write(pointer, bytes, 0, 16);
  }

  static long data(Machine m, long pointer) {
    return get(m, pointer, 8);
  }

  private static long bytes(Machine m, long pointer) {
    return get(m, pointer + 8, 4) & MOST;
  }

  private static long offset(Machine m, long pointer) {
    return get(m, pointer + 12, 4);
  }

  static long fromMemory(Machine m, long data, long size, long flags, long pointer, long r5) {
    long count = size & 0xFFFFFFFFL;
    if (count > MOST || flags != 0) {
      put(m, pointer, 0, 0, 0);
      return count > MOST ? -E2BIG : -EINVAL;
    }
    put(m, pointer, data, count, 0);
    return 0;
  }

  /** Whether so many bytes from an offset on are not all there. */
  private static boolean beyond(Machine m, long pointer, long offset, long length) {
    long size = bytes(m, pointer);
    return length > size || offset > size - length;
  }

  static long read(Machine m, long into, long length, long pointer, long offset, long flags) {
    long count = length & 0xFFFFFFFFL;
    long from = offset & 0xFFFFFFFFL;
    if (data(m, pointer) == 0 || flags != 0) {
      return -EINVAL;
    }
    if (beyond(m, pointer, from, count)) {
      return -E2BIG;
    }
    long start = data(m, pointer) + offset(m, pointer) + from;
    return copy(m, start, into, HelperState.size(m, into, count));
  }

  static long write(Machine m, long pointer, long offset, long from, long length, long flags) {
    long count = length & 0xFFFFFFFFL;
    long at = offset & 0xFFFFFFFFL;
    if (data(m, pointer) == 0 || flags != 0) {
      return -EINVAL;
    }
    if (beyond(m, pointer, at, count)) {
      return -E2BIG;
    }
    long start = data(m, pointer) + offset(m, pointer) + at;
    return copy(m, from, start, HelperState.size(m, from, count));
  }

  private static long copy(Machine m, long from, long into, int size) {
    byte[] scratch = m.helpers().scratch(Math.max(8, size));
    m.read(from, scratch, 0, size);
    m.write(into, scratch, 0, size);
    return 0;
  }

  static long slice(Machine m, long pointer, long offset, long buffer, long length, long r5) {
    return part(m, pointer, offset, length, 0, 0);
  }

  /** {@code bpf_dynptr_copy}. */
  static long move(Machine m, long into, long at, long from, long offset, long length) {
    long count = length & 0xFFFFFFFFL;
    long target = part(m, into, at, count, 0, 0);
    long source = part(m, from, offset, count, 0, 0);
    if (target == 0 || source == 0) {
      long left = target == 0 ? into : from;
      return data(m, left) == 0 && (target != 0 || source != 0) ? -EINVAL : -E2BIG;
    }
    return copy(m, source, target, HelperState.size(m, source, count));
  }

  /** {@code bpf_dynptr_memset}. */
  static long fill(Machine m, long pointer, long offset, long length, long value, long r5) {
    long count = length & 0xFFFFFFFFL;
    long start = part(m, pointer, offset, count, 0, 0);
    if (start == 0) {
      return data(m, pointer) == 0 && count == 0 ? 0 : -E2BIG;
    }
    int size = HelperState.size(m, start, count);
    byte[] scratch = m.helpers().scratch(Math.max(8, size));
    Arrays.fill(scratch, 0, size, (byte) value);
    m.write(start, scratch, 0, size);
    return 0;
  }

  static long part(Machine m, long pointer, long offset, long length, long r4, long r5) {
    long from = offset & 0xFFFFFFFFL;
    long data = data(m, pointer);
    boolean none = data == 0 || beyond(m, pointer, from, length & 0xFFFFFFFFL);
    return none ? 0 : data + offset(m, pointer) + from;
  }

  static long adjust(Machine m, long pointer, long start, long end, long r4, long r5) {
    long from = start & 0xFFFFFFFFL;
    long to = end & 0xFFFFFFFFL;
    if (data(m, pointer) == 0 || from > to) {
      return -EINVAL;
    }
    if (to > bytes(m, pointer)) {
      return -ERANGE;
    }
    put(m, pointer, data(m, pointer), to - from, offset(m, pointer) + from);
    return 0;
  }

  static long isNull(Machine m, long pointer, long r2, long r3, long r4, long r5) {
    return data(m, pointer) == 0 ? 1 : 0;
  }

  static long isReadOnly(Machine m, long pointer, long r2, long r3, long r4, long r5) {
    return 0;
  }

  static long size(Machine m, long pointer, long r2, long r3, long r4, long r5) {
    return data(m, pointer) == 0 ? -EINVAL : bytes(m, pointer);
  }

  static long copy(Machine m, long pointer, long into, long r3, long r4, long r5) {
    long data = data(m, pointer);
    put(m, into, data, bytes(m, pointer), offset(m, pointer));
    return data == 0 ? -EINVAL : 0;
  }
}
