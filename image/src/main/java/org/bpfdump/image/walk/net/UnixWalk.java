// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import java.util.Optional;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.BucketCursor;

/**
 * Unix sockets, by bucket: of a table that each network namespace has, or, until 6.0, of one for
 * all of them. Source: net/unix/af_unix.c.
 */
final class UnixWalk extends GuardedWalk {
  /** {@code UNIX_HASH_SIZE}: as many for names in the file system as for others. */
  private static final int BUCKETS = 512;

  private final WalkContext context;
  private final SocketFields fields;
  private final SocketOwners owners;
  private final BucketCursor table;
  private boolean started;

  UnixWalk(WalkContext context) {
    super(context);
    this.context = context;
    fields = new SocketFields(memory, context.snapshot().types());
    owners = new SocketOwners(context);
    table = new BucketCursor(memory, room);
  }

  @Override
  protected String place() {
    return "the unix sockets";
  }

  @Override
  protected boolean step(long[] arguments) {
    if (!started) {
      started = true;
      table.start(buckets(), BUCKETS, Long.BYTES);
    }
    for (long node; (node = table.next()) != 0; ) {
      long sock = node - fields.node.offset();
      if (fields.net(sock) == context.network() && !fields.isUnhashed(sock)) {
        arguments[0] = sock;
        arguments[1] = owners.of(sock);
        return true;
      }
    }
    return false;
  }

  private long buckets() {
    Optional<Field> own = context.snapshot().types().find("net", "unx.table.buckets");
    return own.isPresent()
        ? own.get().get(memory, context.network())
        : context.snapshot().root(Root.UNIX_SOCKET_TABLE);
  }
}
