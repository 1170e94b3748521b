// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.RhashtableCursor;

/**
 * Netlink sockets, one protocol after the other, each in the order of its hash table. Source:
 * net/netlink/af_netlink.c.
 */
final class NetlinkWalk extends GuardedWalk {
  /** {@code MAX_LINKS}. */
  private static final int PROTOCOLS = 32;

  private final WalkContext context;
  private final SocketFields fields;
  private final RhashtableCursor table;
  private final Field hash;
  private final int size;
  private final int link;
  private int protocol = -1;

  NetlinkWalk(WalkContext context) {
    super(context);
    this.context = context;
    Types types = context.snapshot().types();
    fields = new SocketFields(memory, types);
    table = new RhashtableCursor(memory, types, room);
    hash = types.field("netlink_table", "hash");
    size = types.size("netlink_table");
    link = types.field("netlink_sock", "node").offset();
  }

  @Override
  protected String place() {
    return "the netlink sockets of protocol " + protocol;
  }

  @Override
  protected boolean step(long[] arguments) {
    while (true) {
      long node = protocol < 0 ? 0 : table.next();
      if (node == 0) {
        if (++protocol >= PROTOCOLS) {
          protocol = PROTOCOLS - 1;
          return false;
        }
        long tables = memory.u64(context.snapshot().root(Root.NL_TABLE));
        table.start(hash.at(tables + (long) protocol * size));
        continue;
      }
      long sock = node - link;
      if (fields.net(sock) == context.network()) {
        arguments[0] = sock;
        return true;
      }
    }
  }
}
