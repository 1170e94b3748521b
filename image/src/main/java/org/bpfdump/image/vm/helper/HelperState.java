// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.util.HashMap;
import java.util.Map;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.ProgramException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.map.MapTable;
import org.bpfdump.image.vm.text.ObjectText;
import org.bpfdump.image.vm.text.Pointers;
import org.bpfdump.image.vm.text.Printf;
import org.bpfdump.image.vm.text.TypeTable;

/** What helpers keep from one call to the next, of one machine. Of one thread. */
public final class HelperState {
  /** More than the stacks of a program have room for. */
  private static final int MOST_CURSORS = 512;

  private final MapTable maps;
  private final Pointers pointers;
  private final Printf printf;
  private final long[] arguments = new long[Printf.MOST_ARGUMENTS];
  private byte[] scratch = new byte[512];
  private final Map<Long, Cursor> cursors = new HashMap<>();

  /** How many more than one hold an object that the program made. */
  private final Map<Long, Integer> references = new HashMap<>();

  private final ImageMaps imageMaps = new ImageMaps();
  private int addressBits;
  private Clock clock;
  private Sockets sockets;
  private Paths paths;
  private TypeTable types;
  private ObjectText objects;

  /** The process whose memory was used last. */
  private long spaceOf;

  private VirtualMemory space;

  /**
   * Of a machine that starts.
   *
   * @param maps the program's, as this machine sees them
   */
  public HelperState(Snapshot snapshot, MapTable maps) {
    this.maps = maps;
    pointers = new Pointers(snapshot);
    printf = new Printf(pointers);
  }

  /** The program's maps. */
  public MapTable maps() {
    return maps;
  }

  Clock clock(Machine machine) {
    if (clock == null) {
      clock = new Clock(machine.snapshot(), machine.kernel());
    }
    return clock;
  }

  Sockets sockets(Machine machine) {
    if (sockets == null) {
      sockets = new Sockets(machine.snapshot(), machine.kernel());
    }
    return sockets;
  }

  Paths paths(Machine machine) {
    if (paths == null) {
      paths = new Paths(machine.snapshot(), machine.kernel());
    }
    return paths;
  }

  TypeTable types(Machine machine) {
    if (types == null) {
      types = new TypeTable(machine.snapshot().btf());
    }
    return types;
  }

  ObjectText objects(Machine machine) {
    if (objects == null) {
      objects = new ObjectText(types(machine), pointers);
    }
    return objects;
  }

  /** Begins an iterator, whose place in the program's memory this is. */
  void open(long iterator, Cursor cursor) {
    if (cursors.size() == MOST_CURSORS) {
      throw new ProgramException("has more than " + MOST_CURSORS + " iterators open");
    }
    cursors.put(iterator, cursor);
  }

  /** The iterator at a place; null for none. */
  Cursor cursor(long iterator) {
    return cursors.get(iterator);
  }

  void close(long iterator) {
    cursors.remove(iterator);
  }

  /** One more holds an object of the program. */
  void addReference(long object) {
    references.merge(object, 1, Integer::sum);
  }

  /** One less holds an object; false when none is left. */
  boolean dropsReference(long object) {
    Integer others = references.remove(object);
    if (others != null && others > 1) {
      references.put(object, others - 1);
    }
    return others != null;
  }

  /** How many lower bits of an address count; the others are all zero or all one. */
  int addressBits(Machine machine) {
    if (addressBits == 0) {
      boolean five = machine.snapshot().vmcoreinfo().number("pgtable_l5_enabled").orElse(0) != 0;
      addressBits = five ? 56 : 47;
    }
    return addressBits;
  }

  ImageMaps imageMaps() {
    return imageMaps;
  }

  /** The memory of a process; null when its page tables are not there. */
  VirtualMemory space(Machine machine, long mm) {
    if (mm != spaceOf) {
      spaceOf = mm;
      try {
        space = machine.kernel().in(machine.snapshot().space(mm));
      } catch (MemoryFaultException e) {
        space = null;
      }
    }
    return space;
  }

  Printf printf() {
    return printf;
  }

  long[] arguments() {
    return arguments;
  }

  /** Bytes for the use of one call. */
  byte[] scratch(int size) {
    if (scratch.length < size) {
      scratch = new byte[Integer.highestOneBit(size - 1) << 1];
    }
    return scratch;
  }

  /**
   * A size that a program gives, of something in its own memory.
   *
   * @throws ProgramException when its memory there is not that large
   */
  static int size(Machine machine, long address, long size) {
    long count = size & 0xFFFFFFFFL;
    if (count == 0) {
      return 0;
    }
    byte[] bytes = machine.own().bytes(address);
    if ((address & 0xFFFFFFFFL) + count > bytes.length) {
      throw new ProgramException(
          count + " bytes at 0x" + Long.toHexString(address) + " are not all the program's");
    }
    return (int) count;
  }
}
