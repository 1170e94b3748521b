// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bpfdump.error.ProgramException;

/**
 * A program's memory as byte arrays. A region's number is its index in a table, and how many
 * regions had that index before: an address that outlived its region finds nothing.
 */
public final class Regions implements ProgramMemory {
  /** Bytes of all regions together. */
  public static final long MOST = 256L << 20;

  static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
  static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The upper half of every address of this memory has this bit. */
  private static final int OWN = 1 << 30;

  private static final int INDEX_BITS = 20;
  private static final int NEXT_GENERATION = 1 << INDEX_BITS;

  /** The upper halves of the addresses of the regions; 0 where there is none. */
  private int[] tags = new int[64];

  private byte[][] bytes = new byte[64][];
  private boolean[] writable = new boolean[64];

  /** Upper halves for the next regions at the indexes that are free, the last used on top. */
  private int[] free = new int[16];

  private int freeCount;

  /** Indexes in use so far; 0 is never one: functions have the addresses of that region. */
  private int used = 1;

  private long total;

  /** Addresses of regions that go when the program has ended. */
  private long[] removed = new long[16];

  private int removedCount;
  private boolean keepRemoved;

  /** No memory yet. */
  public Regions() {}

  @Override
  public Buffer allocate(int size, boolean mayWrite) {
    if (size < 1) {
      throw new IllegalArgumentException("size " + size);
    }
    take(size);
    byte[] made = new byte[size];
    return new Buffer(place(made, mayWrite), made);
  }

  @Override
  public long add(byte[] content, boolean mayWrite) {
    take(content.length);
    return place(content, mayWrite);
  }

  private void take(int size) {
    if (total + size > MOST) {
      throw new ProgramException(
          "needs more than " + (MOST >> 20) + " MiB of memory of its own, which is the most");
    }
    total += size;
  }

  private long place(byte[] content, boolean mayWrite) {
    int tag = freeCount > 0 ? free[--freeCount] : newTag();
    int index = index(tag);
    tags[index] = tag;
    bytes[index] = content;
    writable[index] = mayWrite;
    return (long) tag << 32;
  }

  private int newTag() {
    if (used == tags.length) {
      if (used == 1 << INDEX_BITS) {
        throw new ProgramException("needs more than " + used + " pieces of memory of its own");
      }
      tags = Arrays.copyOf(tags, 2 * used);
      bytes = Arrays.copyOf(bytes, 2 * used);
      writable = Arrays.copyOf(writable, 2 * used);
    }
    return OWN | used++;
  }

  private static int index(int tag) {
    return tag & (NEXT_GENERATION - 1);
  }

  /** While a program runs it may still be there, as in the kernel until nobody looks any more. */
  @Override
  public void remove(long address) {
    if (!keepRemoved) {
      removeNow(address);
      return;
    }
    bytes(address);
    if (removedCount == removed.length) {
      removed = Arrays.copyOf(removed, 2 * removedCount);
    }
    removed[removedCount++] = address;
  }

  /** Whether what is removed stays for a while: a program runs, or has ended. */
  void keepRemoved(boolean keep) {
    keepRemoved = keep;
    if (!keep) {
      for (int i = 0; i < removedCount; i++) {
        if (find(removed[i]) != null) {
          removeNow(removed[i]);
        }
      }
      removedCount = 0;
    }
  }

  private void removeNow(long address) {
    byte[] content = bytes(address);
    int tag = (int) (address >>> 32);
    int index = index(tag);
    total -= content.length;
    tags[index] = 0;
    bytes[index] = null;
    // After the last generation the index is not used again.
    int next = tag + NEXT_GENERATION;
    if (next >>> 30 == 1) {
      if (freeCount == free.length) {
        free = Arrays.copyOf(free, 2 * freeCount);
      }
      free[freeCount++] = next;
    }
  }

  @Override
  public byte[] bytes(long address) {
    byte[] found = find(address);
    if (found == null) {
      throw outside("uses", address, 1);
    }
    return found;
  }

  /** The bytes of the region of an address, null for none: any address is allowed. */
  byte[] find(long address) {
    int tag = (int) (address >>> 32);
    int index = tag & (tags.length - 1);
    return tags[index] == tag ? bytes[index] : null;
  }

  /** The same of a region that may be written to. */
  byte[] findWritable(long address) {
    int tag = (int) (address >>> 32);
    int index = tag & (tags.length - 1);
    return tags[index] == tag && writable[index] ? bytes[index] : null;
  }

  /** The bytes of a region of which all that an access reads is part. */
  byte[] readable(long address, int size) {
    byte[] found = find(address);
    if (found == null || !inside(found, address, size)) {
      throw outside("reads", address, size);
    }
    return found;
  }

  /** The bytes of a region of which all that an access writes is part. */
  byte[] writable(long address, int size) {
    byte[] found = findWritable(address);
    if (found == null || !inside(found, address, size)) {
      throw outside("writes", address, size);
    }
    return found;
  }

  static boolean inside(byte[] region, long address, int size) {
    int offset = (int) address;
    return offset >= 0 && offset <= region.length - size;
  }

  private ProgramException outside(String verb, long address, int size) {
    StringBuilder text = new StringBuilder(verb).append(' ').append(size).append(" byte");
    text.append(size == 1 ? " at 0x" : "s at 0x").append(Long.toHexString(address)).append(", ");
    byte[] region = find(address);
    if (!ProgramMemory.isOwn(address)) {
      text.append("which is the kernel's memory");
    } else if (region == null) {
      text.append("where there is no memory (any more)");
    } else if (inside(region, address, size)) {
      text.append("which may only be read");
    } else {
      text.append("offset ").append((int) address);
      text.append(" of a piece of ").append(region.length).append(" bytes");
    }
    return new ProgramException(text.toString());
  }
}
