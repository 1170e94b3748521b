// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.ProgramMemory;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;

/**
 * The maps of a dumper, which its passes share. Safe for use by several threads.
 *
 * <p>A pass sees them through {@link #attach}. Done first on a fresh memory, that gives the same
 * addresses in every pass: those that the program was made ready with.
 */
public final class ProgramMaps {
  /** More CPUs than this have no copies of their own. */
  private static final int MOST_CPUS = 8192;

  private final List<MapSpec> specs;
  private final List<Store> stores = new ArrayList<>();
  private final List<byte[]> handles = new ArrayList<>();
  private final int cpus;
  private final AtomicLong taken = new AtomicLong();

  /**
   * Makes the maps of a program.
   *
   * @param specs in the order of the program's
   * @param kconfig gives the value of a map that holds the kernel's configuration
   * @throws UnsupportedException when a map is of a type that has no meaning on an image
   */
  public ProgramMaps(
      List<MapSpec> specs, Snapshot snapshot, Function<MapContents.Kconfig, byte[]> kconfig) {
    this.specs = List.copyOf(specs);
    cpus = Math.clamp(snapshot.cpus(), 1, MOST_CPUS);
    Handles layout = new Handles(snapshot.types());
    for (MapSpec spec : specs) {
      Store store = MapType.store(spec, cpus, taken);
      stores.add(store);
      handles.add(layout.of(spec, stores.size()));
      switch (spec.contents()) {
        case MapContents.Empty _ -> {}
        case MapContents.Slots _ -> {}
        case MapContents.Data data -> fill(store, data.bytes());
        case MapContents.Kconfig config -> fill(store, kconfig.apply(config));
      }
    }
    for (int i = 0; i < specs.size(); i++) {
      if (specs.get(i).contents() instanceof MapContents.Slots(List<MapContents.Slot> slots)
          && stores.get(i) instanceof SlotStore store) {
        for (MapContents.Slot slot : slots) {
          if (slot instanceof MapContents.Slot.OfMap(int index, int map)) {
            store.set(index, map);
          }
        }
      }
    }
  }

  private static void fill(Store store, byte[] value) {
    store.put(0, Arrays.copyOf(value, store.spec().valueSize()), false);
  }

  /** How many there are. */
  public int size() {
    return stores.size();
  }

  /** Puts a program where another one can jump to. */
  public void program(int map, int index, Engine.Prepared program) {
    if (stores.get(map) instanceof SlotStore store) {
      store.program(index, program);
    }
  }

  /**
   * What a map of a single value holds.
   *
   * @return a copy
   * @throws RequestException when there is no such map
   */
  public byte[] value(String name) {
    for (Store store : stores) {
      if (store.spec().name().equals(name)
          && store instanceof ArrayStore
          && store.spec().maxEntries() == 1
          && store.copies() == 1) {
        byte[] bytes = store.bytes(0);
        return Arrays.copyOf(bytes, store.spec().valueSize());
      }
    }
    throw new RequestException("the program has no map " + name + " of a single value");
  }

  /** Makes them reachable in the memory of a pass: handles first, then values of data sections. */
  public MapTable attach(ProgramMemory memory) {
    return new MapTable(stores, handles, memory);
  }

  /** The maps as they were described. */
  public List<MapSpec> specs() {
    return specs;
  }
}
