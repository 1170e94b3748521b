// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import org.bpfdump.error.RequestException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.Buffers.Buffer;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.BucketCursor;
import org.bpfdump.kernel.Parameter;

/**
 * Every socket that a map keeps a value for. Programs are shown copies of values, which they may
 * change. Sources: net/core/bpf_sk_storage.c, kernel/bpf/bpf_local_storage.c.
 */
public final class BpfSkStorageMapTarget implements ImageTarget {
  @Override
  public String name() {
    return "bpf_sk_storage_map";
  }

  @Override
  public void admit(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {
    resolve(snapshot, memory, parameter);
  }

  @Override
  public Walk open(WalkContext context) {
    KernelMap map = resolve(context.snapshot(), context.memory(), context.parameter());
    return new StorageWalk(context, map);
  }

  private KernelMap resolve(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {
    KernelMap map = MapParameter.resolve(snapshot, memory, parameter, name());
    if (map.type() != KernelMap.SK_STORAGE) {
      throw new RequestException(
          "target bpf_sk_storage_map walks no map of type "
              + map.type()
              + ", which map "
              + map.id()
              + " is: it takes storage of sockets");
    }
    Copies.requireCopyable(map, snapshot);
    return map;
  }

  static final class StorageWalk extends MapWalk {
    /** The binary logarithm of how many buckets the kernel would make for all of memory. */
    private static final long MOST_BUCKETS = 31;

    private final Copies copies;
    private final Buffer value;
    private final BucketCursor nodes;
    private final Field container;
    private final Field buckets;
    private final Field bucketLog;
    private final int bucketSize;
    private final Field head;
    private final Field link;
    private final Field storage;
    private final Field owner;
    private final Field data;

    StorageWalk(WalkContext context, KernelMap map) {
      super(context, map);
      copies = new Copies(map, context.snapshot(), memory);
      value = context.buffers().allocate(copies.size(), true);
      nodes = new BucketCursor(memory, room);
      Types types = context.snapshot().types();
      container = types.field("bpf_local_storage_map", "map");
      buckets = types.field("bpf_local_storage_map", "buckets");
      bucketLog = types.field("bpf_local_storage_map", "bucket_log");
      bucketSize = types.size("bpf_local_storage_map_bucket");
      head = types.field("bpf_local_storage_map_bucket", "list");
      link = types.field("bpf_local_storage_elem", "map_node");
      storage = types.field("bpf_local_storage_elem", "local_storage");
      owner = types.field("bpf_local_storage", "owner");
      data = types.field("bpf_local_storage_elem", "sdata.data");
    }

    @Override
    boolean element(long[] arguments) {
      for (long node; (node = nodes.next()) != 0; ) {
        long element = node - link.offset();
        long ofSocket = storage.get(memory, element);
        if (ofSocket != 0) { // else it is being freed
          copies.copy(data.at(element), value.bytes());
          arguments[1] = owner.get(memory, ofSocket);
          arguments[2] = value.address();
          return true;
        }
      }
      return false;
    }

    @Override
    void start() {
      long table = map.address() - container.offset();
      long log = bucketLog.get(memory, table);
      if (log > MOST_BUCKETS) {
        throw new BrokenException("map", table, "has 1 << " + log + " buckets");
      }
      room.takeSlots(1L << log);
      nodes.start(head.at(buckets.get(memory, table)), 1L << log, bucketSize);
    }
  }
}
