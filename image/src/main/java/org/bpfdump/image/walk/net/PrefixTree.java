// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import java.util.Optional;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.Room;

/**
 * Goes over a tree of {@code struct fib6_node} as the kernel's walker does: of each node the tree
 * of source prefixes, then left, right, and the node itself. Source: net/ipv6/ip6_fib.c.
 */
final class PrefixTree {
  /** Nodes above each other: at most one a bit of a destination and of a source, and roots. */
  private static final int DEEPEST = 300;

  /** {@code RTN_RTINFO}: the node has routes. */
  private static final int HAS_ROUTES = 4;

  /**
   * Nodes of one tree that may not point back at what is above them: a tree that changes has one or
   * two. As all others point back, nodes are met no more often than this.
   */
  private static final int STRAY = 8;

  private final VirtualMemory memory;
  private final Room room;
  private final int size;
  private final Field parent;
  private final Field[] children;
  private final Field leaf;
  private final Field flags;
  private final long[] nodes = new long[DEEPEST];
  private final byte[] states = new byte[DEEPEST];
  private int depth;
  private int stray;

  /** Takes the nodes that it meets from {@code room}. */
  PrefixTree(VirtualMemory memory, Types types, Room room) {
    this.memory = memory;
    this.room = room;
    size = types.size("fib6_node");
    parent = types.field("fib6_node", "parent");
    Field left = types.field("fib6_node", "left");
    Field right = types.field("fib6_node", "right");
    Optional<Field> subtree = types.find("fib6_node", "subtree");
    children =
        subtree.isPresent() ? new Field[] {subtree.get(), left, right} : new Field[] {left, right};
    leaf = types.field("fib6_node", "leaf");
    flags = types.field("fib6_node", "fn_flags");
  }

  /** Goes to the start of the tree of this root. */
  void start(long root) {
    stray = 0;
    depth = 1;
    nodes[0] = root;
    states[0] = 0;
  }

  /**
   * Goes to the next node that has routes.
   *
   * @return the first of them; 0 at the end, and ever after
   * @throws org.bpfdump.error.MemoryFaultException when the tree leads out of memory
   * @throws BrokenException when it is no tree
   */
  long next() {
    while (depth > 0) {
      int top = depth - 1;
      long node = nodes[top];
      int state = states[top]++;
      if (state < children.length) {
        long child = children[state].get(memory, node);
        if (child != 0) {
          push(node, child, state);
        }
      } else {
        depth--;
        long routes = leaf.get(memory, node);
        if (routes != 0 && (flags.get(memory, node) & HAS_ROUTES) != 0) {
          return routes;
        }
      }
    }
    return 0;
  }

  private void push(long node, long child, int state) {
    room.take(size);
    if ((child & 7) != 0) {
      throw new BrokenException("node", node, "leads to 0x" + Long.toHexString(child));
    }
    if (depth == DEEPEST) {
      depth = 0; // Nothing of it is to be believed.
      throw new BrokenException("tree of prefixes", nodes[0], "is deeper than addresses are long");
    }
    for (int i = 0; i < depth; i++) {
      if (nodes[i] == child) {
        throw new BrokenException("tree of prefixes", nodes[0], "loops");
      }
    }
    for (int other = 0; other < state; other++) {
      if (children[other].get(memory, node) == child) {
        throw new BrokenException("node", node, "has one child twice");
      }
    }
    if (parent.get(memory, child) != node && ++stray > STRAY) {
      throw new BrokenException("node", child, "does not point back");
    }
    nodes[depth] = child;
    states[depth] = 0;
    depth++;
  }
}
