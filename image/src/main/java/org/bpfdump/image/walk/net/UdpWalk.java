// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import java.util.Optional;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.BucketCursor;

/**
 * UDP sockets, without those of UDP-Lite, which have a table of their own. Kernels that take the
 * sockets of a bucket together ({@code struct bpf_udp_iter_state}, since 6.5) go by address and
 * port, earlier ones by port. Source: net/ipv4/udp.c.
 */
final class UdpWalk extends GuardedWalk {
  private final WalkContext context;
  private final SocketFields fields;
  private final SocketOwners owners;
  private final BucketCursor table;
  private final int link;
  private boolean started;

  UdpWalk(WalkContext context) {
    super(context);
    this.context = context;
    Types types = context.snapshot().types();
    fields = new SocketFields(memory, types);
    owners = new SocketOwners(context);
    table = new BucketCursor(memory, room);
    link = (isByAddress(types) ? fields.addressNode : fields.node).offset();
  }

  private static boolean isByAddress(Types types) {
    return types.has("bpf_udp_iter_state");
  }

  @Override
  protected String place() {
    return "the UDP sockets";
  }

  @Override
  protected boolean step(long[] arguments) {
    if (!started) {
      started = true;
      start(context.snapshot().types());
    }
    for (long node; (node = table.next()) != 0; ) {
      long sock = node - link;
      if (fields.net(sock) == context.network() && !fields.isUnhashed(sock)) {
        arguments[0] = sock;
        arguments[1] = owners.of(sock);
        arguments[2] = table.bucket();
        return true;
      }
    }
    return false;
  }

  private void start(Types types) {
    long tables = tables(types);
    boolean byAddress = isByAddress(types);
    // What one bucket is has changed only for the second table.
    String bucket = byAddress && types.has("udp_hslot_main") ? "udp_hslot_main" : "udp_hslot";
    long buckets = types.field("udp_table", byAddress ? "hash2" : "hash").get(memory, tables);
    long count = types.field("udp_table", "mask").get(memory, tables) + 1;
    Field head = types.first(bucket, "hslot.head", "head");
    table.start(head.at(buckets), count, types.size(bucket));
  }

  private long tables(Types types) {
    Optional<Field> own = types.find("net", "ipv4.udp_table");
    return own.isPresent()
        ? own.get().get(memory, context.network())
        : context.snapshot().root(Root.UDP_TABLE);
  }
}
