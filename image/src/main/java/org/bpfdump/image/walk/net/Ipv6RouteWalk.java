// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.GuardedWalk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.BucketCursor;
import org.bpfdump.image.walk.container.ForwardCursor;

/**
 * IPv6 routes: table by table, each a tree of prefixes with what is nearest to the leaves first,
 * and at each prefix the chain of its routes. Source: net/ipv6/ip6_fib.c.
 */
final class Ipv6RouteWalk extends GuardedWalk {
  /** {@code FIB6_TABLE_HASHSZ} with and without CONFIG_IPV6_MULTIPLE_TABLES. */
  private static final int TABLES = 256;

  /** {@code RTN_TL_ROOT}: the node is the root of a table. */
  private static final int TABLE_ROOT = 1;

  private final WalkContext context;
  private final Types types;
  private final BucketCursor tables;
  private final PrefixTree tree;
  private final ForwardCursor routes;
  private final Field link;
  private final Field root;
  private final Field rootFlags;
  private final int size;
  private boolean started;

  Ipv6RouteWalk(WalkContext context) {
    super(context);
    this.context = context;
    types = context.snapshot().types();
    tables = new BucketCursor(memory, room);
    tree = new PrefixTree(memory, types, room);
    routes =
        new ForwardCursor(
            memory, types.field("fib6_info", "fib6_next").offset(), "chain of routes");
    size = types.size("fib6_info");
    link = types.field("fib6_table", "tb6_hlist");
    root = types.field("fib6_table", "tb6_root");
    rootFlags = types.field("fib6_table", "tb6_root.fn_flags");
    routes.start(0);
  }

  @Override
  protected String place() {
    return "the IPv6 routes";
  }

  @Override
  protected boolean step(long[] arguments) {
    if (!started) {
      started = true;
      long buckets = types.field("net", "ipv6.fib_table_hash").get(memory, context.network());
      boolean several = types.find("netns_ipv6", "fib6_local_tbl").isPresent();
      tables.start(buckets, several ? TABLES : 1, Long.BYTES);
    }
    while (true) {
      long route = routes.next();
      if (route != 0) {
        room.take(size);
        arguments[0] = route;
        return true;
      }
      long leaf = tree.next();
      if (leaf != 0) {
        routes.start(leaf);
        continue;
      }
      long table = tables.next();
      if (table == 0) {
        return false;
      }
      start(table - link.offset());
    }
  }

  private void start(long table) {
    if ((rootFlags.get(memory, table) & TABLE_ROOT) == 0) {
      throw new BrokenException("table of routes", table, "is none");
    }
    tree.start(root.at(table));
  }
}
