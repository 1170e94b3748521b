// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import org.bpfdump.image.vm.Machine;

/** {@code bpf_cpumask_*}. Source: kernel/bpf/cpumask.c. */
final class Cpumasks {
  /** Bytes of a mask that a program makes: of as many CPUs as any kernel has room for. */
  private static final int ROOM = 1024;

  private Cpumasks() {}

  private static boolean bit(Machine m, long mask, int cpu) {
    byte[] one = m.helpers().scratch(8);
    m.read(mask + (cpu >>> 3), one, 0, 1);
    return ((one[0] >> (cpu & 7)) & 1) != 0;
  }

  private static int cpus(Machine m) {
    return Math.clamp(m.snapshot().cpus(), 1, 8 * ROOM);
  }

  private static void put(Machine m, long mask, int cpu, boolean value) {
    byte[] one = m.helpers().scratch(8);
    m.read(mask + (cpu >>> 3), one, 0, 1);
    int bit = 1 << (cpu & 7);
    one[0] = (byte) (value ? one[0] | bit : one[0] & ~bit);
    m.write(mask + (cpu >>> 3), one, 0, 1);
  }

  private static boolean valid(Machine m, int cpu) {
    return cpu >= 0 && cpu < cpus(m);
  }

  static long create(Machine m, long r1, long r2, long r3, long r4, long r5) {
    return m.own().allocate(ROOM, true).address();
  }

  static long first(Machine m, long mask, long r2, long r3, long r4, long r5) {
    int cpus = cpus(m);
    int cpu = 0;
    while (cpu < cpus && !bit(m, mask, cpu)) {
      cpu++;
    }
    return cpu;
  }

  static long firstZero(Machine m, long mask, long r2, long r3, long r4, long r5) {
    int cpus = cpus(m);
    int cpu = 0;
    while (cpu < cpus && bit(m, mask, cpu)) {
      cpu++;
    }
    return cpu;
  }

  static long firstAnd(Machine m, long left, long right, long r3, long r4, long r5) {
    int cpus = cpus(m);
    int cpu = 0;
    while (cpu < cpus && !(bit(m, left, cpu) && bit(m, right, cpu))) {
      cpu++;
    }
    return cpu;
  }

  static long set(Machine m, long cpu, long mask, long r3, long r4, long r5) {
    int number = (int) cpu;
    if (valid(m, number)) {
      put(m, mask, number, true);
    }
    return 0;
  }

  static long clear(Machine m, long cpu, long mask, long r3, long r4, long r5) {
    int number = (int) cpu;
    if (valid(m, number)) {
      put(m, mask, number, false);
    }
    return 0;
  }

  static long test(Machine m, long cpu, long mask, long r3, long r4, long r5) {
    int number = (int) cpu;
    return valid(m, number) && bit(m, mask, number) ? 1 : 0;
  }

  static long testAndSet(Machine m, long cpu, long mask, long r3, long r4, long r5) {
    long before = test(m, cpu, mask, r3, r4, r5);
    set(m, cpu, mask, r3, r4, r5);
    return before;
  }

  static long testAndClear(Machine m, long cpu, long mask, long r3, long r4, long r5) {
    long before = test(m, cpu, mask, r3, r4, r5);
    clear(m, cpu, mask, r3, r4, r5);
    return before;
  }

  static long setAll(Machine m, long mask, long r2, long r3, long r4, long r5) {
    for (int i = 0; i < cpus(m); i++) {
      put(m, mask, i, true);
    }
    return 0;
  }

  static long clearAll(Machine m, long mask, long r2, long r3, long r4, long r5) {
    for (int i = 0; i < cpus(m); i++) {
      put(m, mask, i, false);
    }
    return 0;
  }

  static long and(Machine m, long into, long left, long right, long r4, long r5) {
    long any = 0;
    for (int i = 0; i < cpus(m); i++) {
      boolean both = bit(m, left, i) && bit(m, right, i);
      any |= both ? 1 : 0;
      put(m, into, i, both);
    }
    return any;
  }

  static long or(Machine m, long into, long left, long right, long r4, long r5) {
    for (int i = 0; i < cpus(m); i++) {
      put(m, into, i, bit(m, left, i) || bit(m, right, i));
    }
    return 0;
  }

  static long xor(Machine m, long into, long left, long right, long r4, long r5) {
    for (int i = 0; i < cpus(m); i++) {
      put(m, into, i, bit(m, left, i) != bit(m, right, i));
    }
    return 0;
  }

  static long copy(Machine m, long into, long from, long r3, long r4, long r5) {
    for (int i = 0; i < cpus(m); i++) {
      put(m, into, i, bit(m, from, i));
    }
    return 0;
  }

  static long equal(Machine m, long left, long right, long r3, long r4, long r5) {
    for (int i = 0; i < cpus(m); i++) {
      if (bit(m, left, i) != bit(m, right, i)) {
        return 0;
      }
    }
    return 1;
  }

  static long intersects(Machine m, long left, long right, long r3, long r4, long r5) {
    return firstAnd(m, left, right, r3, r4, r5) < cpus(m) ? 1 : 0;
  }

  static long subset(Machine m, long inner, long outer, long r3, long r4, long r5) {
    for (int i = 0; i < cpus(m); i++) {
      if (bit(m, inner, i) && !bit(m, outer, i)) {
        return 0;
      }
    }
    return 1;
  }

  static long empty(Machine m, long mask, long r2, long r3, long r4, long r5) {
    return first(m, mask, r2, r3, r4, r5) == cpus(m) ? 1 : 0;
  }

  static long full(Machine m, long mask, long r2, long r3, long r4, long r5) {
    return firstZero(m, mask, r2, r3, r4, r5) == cpus(m) ? 1 : 0;
  }

  static long weight(Machine m, long mask, long r2, long r3, long r4, long r5) {
    int count = 0;
    for (int i = 0; i < cpus(m); i++) {
      count += bit(m, mask, i) ? 1 : 0;
    }
    return count;
  }
}
