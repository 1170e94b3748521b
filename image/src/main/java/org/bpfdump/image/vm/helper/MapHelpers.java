// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.ENOENT;

import java.util.Optional;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.ProgramMemory;

/**
 * Helpers on the program's own maps, and lookups in the image's. Sources: kernel/bpf/helpers.c,
 * map_iter.c.
 */
final class MapHelpers {
  private MapHelpers() {}

  static long lookup(Machine m, long map, long key, long r3, long r4, long r5) {
    return lookupPerCpu(m, map, key, 0, r4, r5);
  }

  static long lookupPerCpu(Machine m, long map, long key, long cpu, long r4, long r5) {
    if (ProgramMemory.isOwn(map)) {
      return m.helpers().maps().require(map).lookup(m, key, (int) cpu);
    }
    return m.helpers().imageMaps().lookup(m, map, key, (int) cpu);
  }

  /** {@code bpf_map_sum_elem_count}: how many elements, of maps that count them. */
  static long count(Machine m, long map, long r2, long r3, long r4, long r5) {
    if (ProgramMemory.isOwn(map)) {
      return m.helpers().maps().require(map).count();
    }
    Optional<Field> counters = m.snapshot().types().find("bpf_map", "elem_count");
    long counter = counters.isEmpty() ? 0 : m.kernel().loadOrZero(counters.get().at(map), 8);
    long count = 0;
    for (int cpu = 0; counter != 0 && cpu < m.snapshot().cpus(); cpu++) {
      count += m.kernel().loadOrZero(counter + m.snapshot().perCpuOffset(cpu), 8);
    }
    return count;
  }

  static long update(Machine m, long map, long key, long value, long flags, long r5) {
    return m.helpers().maps().require(map).update(m, key, value, flags);
  }

  static long delete(Machine m, long map, long key, long r3, long r4, long r5) {
    return m.helpers().maps().require(map).delete(m, key);
  }

  static long push(Machine m, long map, long value, long flags, long r4, long r5) {
    return m.helpers().maps().require(map).push(m, value, flags);
  }

  static long pop(Machine m, long map, long value, long r3, long r4, long r5) {
    return m.helpers().maps().require(map).peek(m, value, true);
  }

  static long peek(Machine m, long map, long value, long r3, long r4, long r5) {
    return m.helpers().maps().require(map).peek(m, value, false);
  }

  /** The result does not matter when another program goes on. */
  static long tailCall(Machine m, long context, long map, long index, long r4, long r5) {
    Engine.Prepared program = m.helpers().maps().program(map, index & 0xFFFFFFFFL);
    return program != null && m.tailCall(program) ? 0 : -ENOENT;
  }

  static long forEach(Machine m, long map, long function, long context, long flags, long r5) {
    return m.helpers().maps().require(map).forEach(m, function, context, flags);
  }
}
