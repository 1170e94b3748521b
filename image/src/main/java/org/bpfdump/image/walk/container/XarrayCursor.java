// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;

/**
 * Goes through a {@code struct xarray} by index, ascending, and so through a {@code struct idr}.
 * Each node is checked to be where its parent has it: a tree of nodes cannot be made to look like a
 * larger one. Sources: lib/xarray.c, lib/idr.c, include/linux/xarray.h.
 */
public final class XarrayCursor {
  /** Levels that 64 bits of index need with nodes of 16, the smallest. */
  private static final int DEEPEST = 16;

  /** Entries below are marks of the kernel's own, not nodes. */
  private static final long RESERVED = 4096;

  private final VirtualMemory memory;
  private final Field head;
  private final Field idr;
  private final Field base;
  private final Field shift;
  private final Field offset;
  private final Field parent;
  private final Field slots;
  private final int width;
  private final int bits;

  private final long[] nodes = new long[DEEPEST];
  private final int[] positions = new int[DEEPEST];
  private final int[] shifts = new int[DEEPEST];
  private final long[] first = new long[DEEPEST];
  private int depth;
  private long single;
  private long start;
  private long index;
  private long entry;

  /** At the end of no xarray. */
  public XarrayCursor(Types types, VirtualMemory memory) {
    this.memory = memory;
    head = types.field("xarray", "xa_head");
    idr = types.field("idr", "idr_rt.xa_head");
    base = types.field("idr", "idr_base");
    shift = types.field("xa_node", "shift");
    offset = types.field("xa_node", "offset");
    parent = types.field("xa_node", "parent");
    slots = types.field("xa_node", "slots");
    width = slots.size() / Long.BYTES;
    bits = Integer.numberOfTrailingZeros(width);
    if (width < 2 || width != 1 << bits) {
      throw new UnsupportedException(
          "this image's xa_node has " + width + " slots: no kernel's has");
    }
  }

  /** Goes to the start of the {@code struct xarray} at an address; throws as {@link #next}. */
  public void start(long xarray) {
    startAt(head.at(xarray), 0);
  }

  /** Goes to the start of the {@code struct idr} at an address; throws as {@link #next}. */
  public void startIdr(long idr) {
    startAt(this.idr.at(idr), base.at(idr));
  }

  private void startAt(long head, long base) {
    depth = 0;
    single = 0;
    start = base == 0 ? 0 : memory.u32(base);
    long root = memory.u64(head);
    if (isNode(root)) {
      enter(root - 2, 0, 0);
    } else {
      single = root;
    }
  }

  /**
   * Goes to the next entry. Pointers that the kernel put there are entries, and so are its numbers,
   * which are odd.
   *
   * @return false at the end, and ever after
   * @throws MemoryFaultException when a node is not in memory; the next call goes on after it
   * @throws BrokenException when one is no node; likewise
   */
  public boolean next() {
    if (single != 0) {
      entry = single;
      index = start;
      single = 0;
      return !isInternal(entry);
    }
    while (depth > 0) {
      int level = depth - 1;
      int position = positions[level];
      if (position == width) {
        depth--;
        continue;
      }
      positions[level] = position + 1;
      long value = slot(level, position);
      long from = first[level] + ((long) position << shifts[level]);
      if (value == 0) {
        continue;
      }
      if (!isInternal(value)) {
        entry = value;
        index = start + from;
        return true;
      }
      if (isNode(value)) {
        enter(value - 2, from, position);
      }
    }
    return false;
  }

  /**
   * Looks an index up, and leaves the cursor at the end.
   *
   * @return the entry there; 0 when there is none
   * @throws MemoryFaultException when a node on the way is not in memory
   * @throws BrokenException when one is no node
   */
  public long find(long index) {
    long at = index - start;
    long found = at == 0 ? single : 0;
    single = 0;
    while (depth > 0) {
      int level = depth - 1;
      long position = (at - first[level]) >>> shifts[level];
      found = 0;
      if (Long.compareUnsigned(position, width) >= 0) {
        break;
      }
      found = slot(level, (int) position);
      if (!isNode(found)) {
        break;
      }
      enter(found - 2, first[level] + (position << shifts[level]), (int) position);
    }
    depth = 0;
    return isInternal(found) ? 0 : found;
  }

  /** The index of the entry; of an idr, its id. */
  public long index() {
    return index;
  }

  /** The entry. */
  public long entry() {
    return entry;
  }

  private long slot(int level, int position) {
    try {
      return memory.u64(slots.at(nodes[level]) + (long) Long.BYTES * position);
    } catch (MemoryFaultException e) {
      depth--; // what is left of this node
      throw e;
    }
  }

  private void enter(long node, long from, int position) {
    int shift = (int) this.shift.get(memory, node);
    if (depth == DEEPEST) {
      throw new BrokenException("xarray node", node, "is too deep in its tree");
    }
    if (depth > 0) {
      long above = nodes[depth - 1];
      if (parent.get(memory, node) != above
          || offset.get(memory, node) != position
          || shift != shifts[depth - 1] - bits) {
        throw new BrokenException("xarray node", node, "is not where its parent has it");
      }
    } else if (shift % bits != 0 || shift >= Long.SIZE) {
      throw new BrokenException("xarray node", node, "is none: it has shift " + shift);
    }
    nodes[depth] = node;
    positions[depth] = 0;
    shifts[depth] = shift;
    first[depth] = from;
    depth++;
  }

  private static boolean isInternal(long entry) {
    return (entry & 3) == 2;
  }

  private static boolean isNode(long entry) {
    return isInternal(entry) && Long.compareUnsigned(entry, RESERVED) > 0;
  }
}
