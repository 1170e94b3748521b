// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.util.Arrays;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.ProgramException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.walk.bpf.KernelMap;
import org.bpfdump.image.walk.bpf.MapElements;
import org.bpfdump.image.walk.container.BrokenException;

/** Looks into maps that the kernel of the image had. Remembers the last one. Of one thread. */
final class ImageMaps {
  /** The kernel's own bound on keys of hash tables. */
  private static final int MOST_KEY = 512;

  private long last;
  private KernelMap map;
  private MapElements elements;

  /**
   * The address of a value, 0 for none: of the CPU's own, where each CPU has one.
   *
   * @throws ProgramException when no map that is looked into by keys is at the address
   */
  long lookup(Machine m, long address, long key, int cpu) {
    try {
      if (address != last) {
        map = KernelMap.at(m.snapshot().types(), m.kernel(), address);
        elements =
            map.isHash() || map.isArray() ? MapElements.of(m.snapshot(), m.kernel(), map) : null;
        last = address;
      }
      if (elements == null || map.keySize() > MOST_KEY) {
        throw new ProgramException(
            "looks into map " + map.id() + " of the image, which is not of a type with keys");
      }
      int size = (int) map.keySize();
      byte[] wanted = Arrays.copyOf(m.helpers().scratch(size), size);
      if (m.read(key, wanted, 0, size) != 0) {
        return 0;
      }
      long value = elements.find(wanted);
      return value == 0 || !map.isPerCpu() ? value : value + m.snapshot().perCpuOffset(cpu);
    } catch (MemoryFaultException | BrokenException | UnsupportedException e) {
      last = 0;
      return 0;
    }
  }
}
