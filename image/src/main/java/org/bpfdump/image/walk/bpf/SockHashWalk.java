// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.Buffers.Buffer;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.BucketCursor;

/** The elements of a hash table of sockets. */
final class SockHashWalk extends MapWalk {
  private final Buffer key;
  private final BucketCursor nodes;
  private final Field container;
  private final Field buckets;
  private final Field count;
  private final int bucketSize;
  private final Field head;
  private final Field link;
  private final Field socket;
  private final Field keyOf;

  SockHashWalk(WalkContext context, KernelMap map) {
    super(context, map);
    key = context.buffers().allocate((int) map.keySize(), false);
    nodes = new BucketCursor(memory, room);
    Types types = context.snapshot().types();
    container = types.field("bpf_shtab", "map");
    buckets = types.field("bpf_shtab", "buckets");
    count = types.field("bpf_shtab", "buckets_num");
    bucketSize = types.size("bpf_shtab_bucket");
    head = types.field("bpf_shtab_bucket", "head");
    link = types.field("bpf_shtab_elem", "node");
    socket = types.field("bpf_shtab_elem", "sk");
    keyOf = types.field("bpf_shtab_elem", "key");
  }

  @Override
  void start() {
    long table = map.address() - container.offset();
    long number = count.get(memory, table);
    room.takeSlots(number);
    nodes.start(head.at(buckets.get(memory, table)), number, bucketSize);
  }

  @Override
  boolean element(long[] arguments) {
    long node = nodes.next();
    if (node == 0) {
      return false;
    }
    long element = node - link.offset();
    memory.read(keyOf.at(element), key.bytes(), 0, (int) map.keySize());
    arguments[1] = key.address();
    arguments[2] = socket.get(memory, element);
    return true;
  }
}
