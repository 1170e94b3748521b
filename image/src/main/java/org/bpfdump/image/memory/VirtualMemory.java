// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.MemoryFaultException;

/**
 * The memory of one address space by virtual address, little-endian. Values may cross pages. It
 * remembers the pages used last, so that each thread needs one of its own; it owns nothing. A page
 * whose record in the file is broken counts as one that is not in the file.
 */
public final class VirtualMemory {
  /** Pages remembered of a space that is used much, and of one that is used for a moment. */
  private static final int SETS = 1 << 10;

  private static final int FEW_SETS = 1 << 6;

  private static final long PAGE = PhysicalMemory.PAGE;

  private final PhysicalMemory physical;
  private final Translation translation;

  // A page's number is in one set only; what is remembered there may also be that it is not there.
  private final long[] tags;
  private final ByteBuffer[] pages;
  private final boolean[] left;
  private long absent;

  /** What {@code physical} has, by the addresses of {@code translation}. */
  public VirtualMemory(PhysicalMemory physical, Translation translation) {
    this(physical, translation, SETS);
  }

  private VirtualMemory(PhysicalMemory physical, Translation translation, int sets) {
    this.physical = physical;
    this.translation = translation;
    this.tags = new long[sets];
    this.pages = new ByteBuffer[sets];
    this.left = new boolean[sets];
    Arrays.fill(tags, -1);
  }

  /** The same machine by the addresses of another space, a process's own say. */
  public VirtualMemory in(Translation other) {
    return new VirtualMemory(physical, other, FEW_SETS);
  }

  /** Where its addresses are in physical memory. */
  public Translation translation() {
    return translation;
  }

  /** How many accesses so far met a page that exists but is not in the file. */
  public long absent() {
    return absent;
  }

  /** The page of an address, or null; counts those that are not in the file. */
  private ByteBuffer page(long address) {
    long number = address >>> PhysicalMemory.PAGE_SHIFT;
    int set = (int) number & (tags.length - 1);
    ByteBuffer page = tags[set] == number ? pages[set] : find(address, number, set);
    if (page == null && left[set]) {
      absent++;
    }
    return page;
  }

  private ByteBuffer find(long address, long number, int set) {
    long at = translation.physical(address);
    ByteBuffer page = null;
    if (at >= 0) {
      try {
        page = physical.page(at >>> PhysicalMemory.PAGE_SHIFT);
      } catch (MalformedException e) {
        // The file has it no more than one that was left out: the rest can still be read.
        page = null;
      }
    }
    tags[set] = number;
    pages[set] = page;
    left[set] = page == null && at != Translation.NONE;
    return page;
  }

  /**
   * An unsigned number of {@code size} bytes.
   *
   * @param size 1, 2, 4 or 8
   * @throws MemoryFaultException when a byte of it is not there
   */
  public long load(long address, int size) {
    int offset = (int) address & (PhysicalMemory.PAGE - 1);
    if (offset + size <= PhysicalMemory.PAGE) {
      ByteBuffer page = page(address);
      if (page != null) {
        return load(page, offset, size);
      }
      throw new MemoryFaultException(address);
    }
    byte[] bytes = new byte[8];
    read(address, bytes, 0, size);
    return number(bytes);
  }

  /** The same, but 0 when it is not there: what a load of a verified program gives. */
  public long loadOrZero(long address, int size) {
    int offset = (int) address & (PhysicalMemory.PAGE - 1);
    if (offset + size <= PhysicalMemory.PAGE) {
      ByteBuffer page = page(address);
      return page == null ? 0 : load(page, offset, size);
    }
    byte[] bytes = new byte[8];
    return copy(address, bytes, 0, size) == size ? number(bytes) : 0;
  }

  private static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  private static long load(ByteBuffer page, int offset, int size) {
    return switch (size) {
      case 1 -> page.get(offset) & 0xFFL;
      case 2 -> page.getShort(offset) & 0xFFFFL;
      case 4 -> page.getInt(offset) & 0xFFFFFFFFL;
      case 8 -> page.getLong(offset);
      default -> throw new IllegalArgumentException("size " + size);
    };
  }

  /** One byte, 0 to 255; throws as {@link #load}. */
  public int u8(long address) {
    return (int) load(address, 1);
  }

  /** Two bytes, unsigned. */
  public int u16(long address) {
    return (int) load(address, 2);
  }

  /** Four bytes, signed. */
  public int s32(long address) {
    return (int) load(address, 4);
  }

  /** Four bytes, unsigned. */
  public long u32(long address) {
    return load(address, 4);
  }

  /** Eight bytes: a number or a pointer. */
  public long u64(long address) {
    return load(address, 8);
  }

  /** Reads all of {@code length} bytes; throws as {@link #load}. */
  public void read(long address, byte[] into, int offset, int length) {
    int read = copy(address, into, offset, length);
    if (read < length) {
      throw new MemoryFaultException(address + read);
    }
  }

  /** Reads what there is without a gap, and returns how many bytes that were. */
  public int copy(long address, byte[] into, int offset, int length) {
    int done = 0;
    while (done < length) {
      long at = address + done;
      int start = (int) at & (PhysicalMemory.PAGE - 1);
      int whole = start == 0 ? run(at, into, offset + done, length - done) : 0;
      if (whole > 0) {
        done += whole;
        continue;
      }
      ByteBuffer page = page(at);
      if (page == null) {
        return done;
      }
      int n = Math.min(length - done, PhysicalMemory.PAGE - start);
      page.get(start, into, offset + done, n);
      done += n;
    }
    return done;
  }

  /**
   * Whole pages that are in a row, not to be remembered; 0 when it is better to go page by page.
   */
  private int run(long address, byte[] into, int offset, int length) {
    int most = length >>> PhysicalMemory.PAGE_SHIFT;
    long at = most < 2 ? -1 : translation.physical(address);
    if (at < 0) {
      return 0;
    }
    int pages = 1;
    while (pages < most && translation.physical(address + pages * PAGE) == at + pages * PAGE) {
      pages++;
    }
    try {
      return physical.read(at >>> PhysicalMemory.PAGE_SHIFT, into, offset, pages)
          << PhysicalMemory.PAGE_SHIFT;
    } catch (MalformedException e) {
      return 0; // as one that is not in the file, and counted so
    }
  }

  /**
   * The bytes before the first NUL.
   *
   * @param most how many to read at most
   * @throws MemoryFaultException when memory ends before either
   */
  public byte[] string(long address, int most) {
    byte[] bytes = new byte[Math.min(most, 64)];
    int length = 0;
    while (length < most) {
      if (length == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(most, 2L * length));
      }
      // To the end of the page only: the string may end before memory does.
      long at = address + length;
      int left = PhysicalMemory.PAGE - ((int) at & (PhysicalMemory.PAGE - 1));
      int n = Math.min(bytes.length - length, left);
      read(at, bytes, length, n);
      for (int i = length; i < length + n; i++) {
        if (bytes[i] == 0) {
          return Arrays.copyOf(bytes, i);
        }
      }
      length += n;
    }
    return bytes;
  }
}
