// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.task;

import java.util.Optional;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.MapleCursor;

/**
 * Goes through the areas of a {@code struct mm_struct} by address. They are in a maple tree since
 * 6.1, and in a list before. Source: include/linux/mm_types.h.
 */
public sealed interface VmaCursor {
  /** At the end of no space, in the way that this kernel has areas. */
  static VmaCursor of(Types types, VirtualMemory memory) {
    Optional<Field> tree = types.find("mm_struct", "mm_mt");
    return tree.isPresent()
        ? new InTree(new MapleCursor(types, memory), tree.get())
        : new InList(
            memory,
            types.field("mm_struct", "mmap"),
            types.field("vm_area_struct", "vm_next"),
            types.field("vm_area_struct", "vm_start"));
  }

  /** Goes to the start of the {@code struct mm_struct} at an address; throws as {@link #next}. */
  void start(long mm);

  /**
   * Goes to the next area.
   *
   * @return its address; 0 at the end, and ever after
   * @throws org.bpfdump.error.MemoryFaultException when something is not in memory; the next call
   *     goes on after it
   * @throws BrokenException when the list or tree is broken; likewise
   */
  long next();

  /** Areas in a maple tree. */
  record InTree(MapleCursor areas, Field tree) implements VmaCursor {
    @Override
    public void start(long mm) {
      areas.start(tree.at(mm));
    }

    @Override
    public long next() {
      return areas.next();
    }
  }

  /** Areas in a list, whose addresses rise: it cannot loop unseen. */
  final class InList implements VmaCursor {
    private final VirtualMemory memory;
    private final Field head;
    private final Field link;
    private final Field address;

    /** Where the pointer to the next area is; 0 at the end. */
    private long at;

    private long least;

    InList(VirtualMemory memory, Field head, Field link, Field address) {
      this.memory = memory;
      this.head = head;
      this.link = link;
      this.address = address;
    }

    @Override
    public void start(long mm) {
      at = head.at(mm);
      least = 0;
    }

    @Override
    public long next() {
      if (at == 0) {
        return 0;
      }
      long pointer = at;
      at = 0; // the end, if what follows throws
      long area = memory.u64(pointer);
      if (area == 0) {
        return 0;
      }
      long start = address.get(memory, area);
      if (Long.compareUnsigned(start, least) < 0) {
        throw new BrokenException("memory area", area, "is out of order");
      }
      least = start + 1;
      at = link.at(area);
      return area;
    }
  }
}
