// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;

/**
 * Goes through a {@code struct maple_tree} by index, ascending. A node's limits (pivots) must lie
 * in the range that its parent gives it, so that no node counts at two places. Sources:
 * lib/maple_tree.c, include/linux/maple_tree.h.
 */
public final class MapleCursor {
  /** The kernel stores heights of five bits. */
  private static final int DEEPEST = 31;

  /** Pointers to objects are at least this; below are marks of the kernel's own. */
  private static final long RESERVED = 4096;

  private static final int DONE = -1;
  private static final int TYPE_SHIFT = 3;
  private static final int TYPE_MASK = 0xf;
  private static final long NODE_MASK = 0xff;
  private static final int LEAF = 1;
  private static final int RANGE = 2;
  private static final int ALLOCATION_RANGE = 3;

  private final VirtualMemory memory;
  private final Field root;
  private final Shape range;
  private final Shape allocationRange;

  private final long[] nodes = new long[DEEPEST];
  private final int[] types = new int[DEEPEST];
  private final int[] positions = new int[DEEPEST];
  private final long[] least = new long[DEEPEST];
  private final long[] most = new long[DEEPEST];
  private int depth;
  private long single;

  /** The range of the slot that was stepped over last. */
  private long from;

  private long to;

  /** Where a kind of node has its pivots and slots. */
  private record Shape(Field pivots, Field slots, int last) {
    static Shape of(Types types, String struct) {
      Field slots = types.field(struct, "slot");
      int last = slots.size() / Long.BYTES - 1;
      if (last < 1) {
        throw new UnsupportedException("this image's " + struct + " has no slots");
      }
      return new Shape(types.field(struct, "pivot"), slots, last);
    }
  }

  /** At the end of no tree. */
  public MapleCursor(Types types, VirtualMemory memory) {
    this.memory = memory;
    root = types.field("maple_tree", "ma_root");
    range = Shape.of(types, "maple_range_64");
    allocationRange = Shape.of(types, "maple_arange_64");
  }

  /** Goes to the start of the {@code struct maple_tree} at an address; throws as {@link #next}. */
  public void start(long tree) {
    depth = 0;
    single = 0;
    long entry = root.get(memory, tree);
    if (isNode(entry)) {
      enter(entry, 0, -1);
    } else {
      single = entry;
    }
  }

  /**
   * Goes to the next entry.
   *
   * @return it; 0 at the end, and ever after
   * @throws MemoryFaultException when a node is not in memory; the next call goes on after it
   * @throws BrokenException when one is no node; likewise
   */
  public long next() {
    if (single != 0) {
      long entry = single;
      single = 0;
      return isInternal(entry) ? 0 : entry;
    }
    while (depth > 0) {
      int level = depth - 1;
      long entry = step(level);
      if (entry == 0) {
        continue;
      }
      if (types[level] != LEAF) {
        enter(entry, from, to);
      } else if (!isInternal(entry) || isNode(entry)) {
        return entry;
      }
    }
    return 0;
  }

  /** Goes over a slot of a node, and out of the node after its last. */
  private long step(int level) {
    long node = nodes[level];
    Shape shape = types[level] == ALLOCATION_RANGE ? allocationRange : range;
    int position = positions[level];
    if (position == DONE) {
      depth = level;
      return 0;
    }
    try {
      long pivot =
          position == shape.last
              ? most[level]
              : memory.u64(shape.pivots.at(node) + (long) Long.BYTES * position);
      if (pivot == 0 && (position > 0 || least[level] != 0)) {
        pivot = most[level]; // not set: the slot is the node's last
      }
      if (Long.compareUnsigned(pivot, least[level]) < 0
          || Long.compareUnsigned(pivot, most[level]) > 0) {
        throw new BrokenException("maple node", node, "has a limit outside of its range");
      }
      from = least[level];
      to = pivot;
      long entry = memory.u64(shape.slots.at(node) + (long) Long.BYTES * position);
      if (pivot == most[level]) {
        positions[level] = DONE; // still counts as a level: what is below must end as well
      } else {
        positions[level] = position + 1;
        least[level] = pivot + 1;
      }
      return entry;
    } catch (MemoryFaultException | BrokenException e) {
      depth = level; // what is left of this node
      throw e;
    }
  }

  private void enter(long entry, long from, long to) {
    long node = entry & ~NODE_MASK;
    int type = (int) (entry >>> TYPE_SHIFT) & TYPE_MASK;
    if (type != LEAF && type != RANGE && type != ALLOCATION_RANGE) {
      throw new BrokenException("maple node", node, "is of unknown type " + type);
    }
    if (depth == DEEPEST) {
      throw new BrokenException("maple node", node, "is too deep in its tree");
    }
    nodes[depth] = node;
    types[depth] = type;
    positions[depth] = 0;
    least[depth] = from;
    most[depth] = to;
    depth++;
  }

  private static boolean isInternal(long entry) {
    return (entry & 3) == 2;
  }

  private static boolean isNode(long entry) {
    return isInternal(entry) && Long.compareUnsigned(entry, RESERVED) > 0;
  }
}
