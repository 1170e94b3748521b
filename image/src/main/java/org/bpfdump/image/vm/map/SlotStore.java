// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.ENOENT;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.spec.MapSpec;

/** Programs or other maps by index, which programs do not change. */
final class SlotStore extends Store {
  private static final int NONE = -1;

  private final Map<Integer, Integer> maps = new HashMap<>();
  private final Map<Integer, Engine.Prepared> programs = new HashMap<>();

  SlotStore(MapSpec spec, AtomicLong taken) {
    super(spec, new Values(8, 1, taken), 0, 1);
  }

  synchronized void set(int index, int map) {
    maps.put(index, map);
  }

  synchronized void program(int index, Engine.Prepared program) {
    programs.put(index, program);
  }

  @Override
  synchronized int count() {
    return spec().type() == MapType.HASH_OF_MAPS ? maps.size() : 0;
  }

  /** The index of a map by the map's key, which is a number; -1 for none. */
  int map(byte[] key) {
    return maps.getOrDefault(ArrayStore.index(Arrays.copyOf(key, Math.max(4, key.length))), NONE);
  }

  synchronized Engine.Prepared program(int index) {
    return programs.get(index);
  }

  @Override
  int update(byte[] key, byte[] value, long flags) {
    return -EINVAL;
  }

  @Override
  int delete(byte[] key) {
    return programs.isEmpty() ? -EINVAL : -ENOENT;
  }
}
