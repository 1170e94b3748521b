// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.References;
import org.bpfdump.image.walk.container.XarrayCursor;
import org.bpfdump.kernel.Parameter;

/** Finds the map that a parameter means among those of an image's kernel. */
final class MapParameter {
  private static final String LIST = ": dumping target bpf_map lists those that there are";

  private final Snapshot snapshot;
  private final VirtualMemory memory;
  private final XarrayCursor maps;
  private final References references;

  private MapParameter(Snapshot snapshot, VirtualMemory memory) {
    this.snapshot = snapshot;
    this.memory = memory;
    maps = new XarrayCursor(snapshot.types(), memory);
    Field count = snapshot.types().field("bpf_map", "refcnt.counter");
    references = References.plain(count);
  }

  /**
   * The map.
   *
   * @param target the target's name, for messages
   * @throws RequestException when there is no such map, or more than one, or it cannot be read
   */
  static KernelMap resolve(
      Snapshot snapshot, VirtualMemory memory, Parameter parameter, String target) {
    MapParameter all = new MapParameter(snapshot, memory);
    try {
      return switch (parameter) {
        case Parameter.MapId(int id) -> all.ofId(id);
        case Parameter.MapName(String name) -> all.ofName(name);
        case Parameter.MapPath(Path path) ->
            throw new RequestException(
                "cannot look for "
                    + path
                    + " in an image, which has no file systems: name the map by its id");
        case Parameter.None _,
            Parameter.Tid _,
            Parameter.Pid _,
            Parameter.PidFd _,
            Parameter.CgroupId _,
            Parameter.CgroupPath _ ->
            throw new RequestException(
                "target " + target + " walks one map: say which, by id or name" + LIST);
      };
    } catch (MemoryFaultException | BrokenException e) {
      throw new RequestException("cannot read the maps of this image: " + e.getMessage());
    }
  }

  private KernelMap ofId(int id) {
    maps.startIdr(snapshot.root(Root.MAP_IDR));
    long map = maps.find(Integer.toUnsignedLong(id));
    if (map == 0 || !references.isAlive(memory, map)) {
      throw new RequestException("no map has id " + Integer.toUnsignedString(id) + LIST);
    }
    return KernelMap.at(snapshot.types(), memory, map);
  }

  private KernelMap ofName(String name) {
    List<KernelMap> found = new ArrayList<>();
    maps.startIdr(snapshot.root(Root.MAP_IDR));
    for (KernelMap map; found.size() < 2 && (map = next()) != null; ) {
      if (map.name().equals(name)) {
        found.add(map);
      }
    }
    return switch (found.size()) {
      case 0 -> throw new RequestException("no map is named " + name + LIST);
      case 1 -> found.getFirst();
      default ->
          throw new RequestException(
              "several maps are named "
                  + name
                  + ": "
                  + found.get(0).id()
                  + " and "
                  + found.get(1).id()
                  + " among them; name one by its id");
    };
  }

  /** The next map that can be read; null at the end. */
  private KernelMap next() {
    while (true) {
      try {
        if (!maps.next()) {
          return null;
        }
        if (references.isAlive(memory, maps.entry())) {
          return KernelMap.at(snapshot.types(), memory, maps.entry());
        }
      } catch (MemoryFaultException | BrokenException _) {
        // It cannot be the one that is meant.
      }
    }
  }
}
