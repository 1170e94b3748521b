// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import java.util.Optional;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.BucketCursor;

/**
 * Sockets that listen, then all others by bucket: connected ones, those that wait for the network
 * to forget them, those that are being set up. Sources: net/ipv4/tcp_ipv4.c,
 * include/net/inet_hashtables.h.
 */
final class TcpWalk extends GuardedWalk {
  private static final int TIME_WAIT = 6;
  private static final int NEW_SYN_RECV = 12;

  private final WalkContext context;
  private final Types types;
  private final SocketFields fields;
  private final SocketOwners owners;
  private final BucketCursor table;
  private Part part = Part.NONE;
  private int link;

  /** The table that is walked. */
  private enum Part {
    NONE,
    LISTENING,
    OTHERS,
    END
  }

  TcpWalk(WalkContext context) {
    super(context);
    this.context = context;
    types = context.snapshot().types();
    fields = new SocketFields(memory, types);
    owners = new SocketOwners(context);
    table = new BucketCursor(memory, room);
  }

  @Override
  protected String place() {
    return part == Part.LISTENING ? "the TCP sockets that listen" : "the TCP sockets";
  }

  @Override
  protected boolean step(long[] arguments) {
    while (part != Part.END) {
      long node = table.next();
      if (node == 0) {
        nextPart();
        continue;
      }
      long sock = node - link;
      if (fields.net(sock) == context.network() && !fields.isUnhashed(sock)) {
        arguments[0] = sock;
        arguments[1] = owner(sock);
        return true;
      }
    }
    return false;
  }

  private long owner(long sock) {
    return switch (fields.state(sock)) {
      case TIME_WAIT -> 0;
      case NEW_SYN_RECV -> owners.of(fields.listener.get(memory, sock));
      default -> owners.of(sock);
    };
  }

  private void nextPart() {
    switch (part) {
      case NONE -> {
        part = Part.LISTENING;
        startListening(tables());
      }
      case LISTENING -> {
        part = Part.OTHERS;
        startOthers(tables());
      }
      case OTHERS, END -> part = Part.END;
    }
  }

  /** The {@code struct inet_hashinfo} of the network namespace, which may share it with others. */
  private long tables() {
    Optional<Field> inside = types.find("net", "ipv4.tcp_death_row.hashinfo");
    if (inside.isPresent()) {
      return inside.get().get(memory, context.network());
    }
    // A pointer in kernels of 2022.
    long row = types.field("net", "ipv4.tcp_death_row").get(memory, context.network());
    return types.field("inet_timewait_death_row", "hashinfo").get(memory, row);
  }

  private void startListening(long tables) {
    int size = types.size("inet_listen_hashbucket");
    Optional<Field> byPort = types.find("inet_hashinfo", "listening_hash");
    if (byPort.isPresent() && !types.has("bpf_tcp_iter_state")) {
      // Until 5.14: the table by port alone.
      link = fields.node.offset();
      Field head = types.field("inet_listen_hashbucket", "nulls_head");
      table.start(head.at(byPort.get().at(tables)), byPort.get().size() / size, size);
      return;
    }
    // Until 5.18 the table by address and port has chains of its own.
    link =
        byPort.isPresent()
            ? types.field("inet_connection_sock", "icsk_listen_portaddr_node").offset()
            : fields.node.offset();
    Field head = types.first("inet_listen_hashbucket", "nulls_head", "head");
    long buckets = types.field("inet_hashinfo", "lhash2_mask").get(memory, tables) + 1;
    table.start(head.at(types.field("inet_hashinfo", "lhash2").get(memory, tables)), buckets, size);
  }

  private void startOthers(long tables) {
    link = fields.node.offset();
    Field head = types.field("inet_ehash_bucket", "chain");
    long buckets = types.field("inet_hashinfo", "ehash_mask").get(memory, tables) + 1;
    table.start(
        head.at(types.field("inet_hashinfo", "ehash").get(memory, tables)),
        buckets,
        types.size("inet_ehash_bucket"));
  }
}
