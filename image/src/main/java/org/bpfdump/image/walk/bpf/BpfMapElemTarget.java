// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import org.bpfdump.error.RequestException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.Buffers.Buffer;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.kernel.Parameter;

/**
 * Every element of a hash table or an array. Programs are shown copies: keys that they may read,
 * values that they may change, which changes the copy only. Sources: kernel/bpf/hashtab.c,
 * kernel/bpf/arraymap.c.
 */
public final class BpfMapElemTarget implements ImageTarget {
  @Override
  public String name() {
    return "bpf_map_elem";
  }

  @Override
  public void admit(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {
    resolve(snapshot, memory, parameter);
  }

  @Override
  public Walk open(WalkContext context) {
    KernelMap map = resolve(context.snapshot(), context.memory(), context.parameter());
    return new ElementWalk(context, map);
  }

  private KernelMap resolve(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {
    KernelMap map = MapParameter.resolve(snapshot, memory, parameter, name());
    if (!map.isHash() && !map.isArray()) {
      throw new RequestException(
          "target bpf_map_elem walks no map of type "
              + map.type()
              + ", which map "
              + map.id()
              + " is: it takes hash tables and arrays");
    }
    Copies.requireCopyable(map, snapshot);
    return map;
  }

  static final class ElementWalk extends MapWalk {
    private final Snapshot snapshot;
    private final Buffer key;
    private final Buffer value;
    private final Copies copies;
    private MapElements elements;

    ElementWalk(WalkContext context, KernelMap map) {
      super(context, map);
      snapshot = context.snapshot();
      copies = new Copies(map, snapshot, memory);
      key = context.buffers().allocate((int) map.keySize(), false);
      value = context.buffers().allocate(copies.size(), true);
    }

    @Override
    void start() {
      MapElements all = MapElements.of(snapshot, memory, map);
      room.takeSlots(all.slots());
      elements = all;
    }

    @Override
    boolean element(long[] arguments) {
      if (elements == null || !elements.next()) {
        return false;
      }
      elements.key(key.bytes());
      copies.copy(elements.value(), value.bytes());
      arguments[1] = key.address();
      arguments[2] = value.address();
      return true;
    }
  }
}
