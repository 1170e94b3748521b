// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.walk.SyntheticKernel;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.api.Test;

/**
 * Tables whose every place leads to the same things, none of which loops: what a pass shows is
 * bounded by the image's memory.
 */
class SharedChainsTest {
  /** What a pass over an image with next to no memory may come by. */
  private static final long ROOM = 64L << 20;

  private static final String NOTE = "more than this image has memory for";

  private final SyntheticKernel kernel = new SyntheticKernel(TestImages.shared("7.2").btf());
  private final long net = kernel.root(Root.INIT_NET);

  @Test
  void aTreeWhoseNodesAllHaveTheSameRoutes() {
    long routes = routes(1000);
    long table = kernel.make("fib6_table");
    long buckets = kernel.bytes(256 * Long.BYTES);
    kernel.set("net", "ipv6.fib_table_hash", net, buckets);
    kernel.chain(buckets, 0, List.of(kernel.at("fib6_table", "tb6_hlist", table)));
    long root = kernel.at("fib6_table", "tb6_root", table);
    kernel.set("fib6_node", "fn_flags", root, 1 | 4);
    tree(root, 10, routes);
    // Two million, if nobody counted.
    assertBounded("ipv6_route", kernel.types().size("fib6_info"));
  }

  private long routes(int count) {
    long first = 0;
    for (int i = 0; i < count; i++) {
      long route = kernel.make("fib6_info");
      kernel.set("fib6_info", "fib6_next", route, first);
      first = route;
    }
    return first;
  }

  private void tree(long node, int depth, long routes) {
    kernel.set("fib6_node", "leaf", node, routes);
    if (depth > 0) {
      for (String side : List.of("left", "right")) {
        long child = kernel.make("fib6_node");
        kernel.set("fib6_node", "parent", child, node);
        kernel.set("fib6_node", "fn_flags", child, 4);
        kernel.set("fib6_node", side, node, child);
        tree(child, depth - 1, routes);
      }
    }
  }

  @Test
  void aHashTableWhoseBucketsAllHaveTheSameSockets() {
    List<Long> nodes = new ArrayList<>();
    for (int i = 0; i < 4000; i++) {
      long sock = kernel.make("sock");
      kernel.set("sock_common", "skc_net.net", sock, net);
      nodes.add(kernel.at("sock_common", "skc_node", sock));
    }
    long buckets = kernel.bytes(512 * Long.BYTES);
    kernel.set("net", "unx.table.buckets", net, buckets);
    kernel.chain(buckets, 0, nodes);
    for (int i = 1; i < 512; i++) {
      kernel.put(buckets + (long) i * Long.BYTES, nodes.getFirst());
    }
    assertBounded("unix", 64);
  }

  private void assertBounded(String target, int least) {
    Walks walks = new Walks(kernel);
    Walk walk = walks.open(target, new Parameter.None());
    long[] arguments = new long[Walks.MOST_ARGUMENTS];
    long shown = 0;
    while (walk.next(arguments)) {
      shown++;
    }
    assertThat(shown).isBetween(1000L, ROOM / least);
    assertThat(walks.notes()).last().asString().contains(NOTE);
  }
}
