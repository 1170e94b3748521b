// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.bpfdump.error.ProgramException;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.ProgramMemory;

/** The maps of a program as one pass of it sees them. Of one thread. */
public final class MapTable {
  private final PassMap[] maps;
  private final long[] handles;

  MapTable(List<Store> stores, List<byte[]> bytes, ProgramMemory memory) {
    maps = new PassMap[stores.size()];
    handles = new long[maps.length];
    for (int i = 0; i < maps.length; i++) {
      handles[i] = memory.add(bytes.get(i), false);
    }
    for (int i = 0; i < maps.length; i++) {
      maps[i] = new PassMap(this, i, handles[i], stores.get(i), memory);
    }
    for (PassMap map : maps) {
      if (map.isData()) {
        map.value(0); // takes its address
      }
    }
    long[] sorted = handles.clone();
    Arrays.sort(sorted);
    if (!Arrays.equals(sorted, handles)) {
      throw new IllegalStateException("addresses of own memory are not given out in order");
    }
  }

  /** Of a program without maps. */
  public static MapTable none() {
    return new MapTable();
  }

  private MapTable() {
    maps = new PassMap[0];
    handles = new long[0];
  }

  /** The address that a program knows a map by. */
  public long handle(int map) {
    return handles[map];
  }

  /** The address of a place in the single value of a data section's map. */
  public long value(int map, int offset) {
    return maps[map].value(0) + offset;
  }

  /**
   * What 1, 2, 4 or 8 bytes at an address hold, unsigned, where neither programs nor anybody else
   * change them: in the value of a data section's map that is frozen. Nothing elsewhere.
   */
  public OptionalLong constant(long address, int size) {
    for (PassMap map : maps) {
      if (map.isConstant()) {
        long offset = address - map.value(0);
        if (offset >= 0 && offset <= map.spec().valueSize() - size) {
          return OptionalLong.of(map.load((int) offset, size));
        }
      }
    }
    return OptionalLong.empty();
  }

  /** The program at an index of a map of programs, by the map's address; null for none. */
  public Engine.Prepared program(long handle, long index) {
    PassMap map = require(handle);
    return (int) index == index ? map.program((int) index) : null;
  }

  /** The map of this address; null when it is the address of none of the program's own. */
  public PassMap find(long handle) {
    int index = Arrays.binarySearch(handles, handle);
    return index < 0 ? null : maps[index];
  }

  /** The same, where nothing else will do. */
  public PassMap require(long handle) {
    PassMap map = find(handle);
    if (map == null) {
      throw new ProgramException(
          "0x" + Long.toHexString(handle) + " is none of the program's maps");
    }
    return map;
  }
}
