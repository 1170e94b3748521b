// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import org.bpfdump.error.MalformedException;

/**
 * The page tables of one address space of an x86-64 machine: four or five levels, pages of 4 KiB, 2
 * MiB and 1 GiB. A page whose PRESENT bit is clear is none, whatever else its entry says: swapped
 * out, PROT_NONE, migrating. Source: arch/x86/include/asm/pgtable_types.h.
 */
public final class X86PageTables implements Translation {
  private static final long PRESENT = 1;
  private static final long LARGE = 1 << 7;

  /** Bits 12 to 51 of an entry are of a physical address. */
  private static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;

  /** Bits of an address that one level takes. */
  private static final int LEVEL = 9;

  private static final int SHIFT_2M = 21;
  private static final int SHIFT_1G = 30;

  /** Tables remembered of each kind. Powers of 2. */
  private static final int KEPT_1G = 64;

  private static final int KEPT_2M = 256;

  /**
   * A table that was found before, or that it is none.
   *
   * @param number the address divided by what the table spans
   * @param page its entries; null when there are none
   * @param result what every address in it gives when there are no entries
   */
  private record Table(long number, ByteBuffer page, long result) {}

  private final PhysicalMemory memory;
  private final long root;
  private final int top;
  private final long mask;

  // Written by any thread and read by any: a record's fields are final, so that whoever sees one
  // sees all of it.
  private final Table[] spans1G = new Table[KEPT_1G];
  private final Table[] spans2M = new Table[KEPT_2M];

  /**
   * @param root physical address of the table of the highest level
   * @param fiveLevels whether there are five
   * @param encryption the bits of an entry that say a page is encrypted (AMD SME), else 0
   */
  public X86PageTables(PhysicalMemory memory, long root, boolean fiveLevels, long encryption) {
    this.memory = memory;
    this.mask = ADDRESS & ~encryption;
    this.root = root & mask;
    this.top = PhysicalMemory.PAGE_SHIFT + LEVEL * (fiveLevels ? 4 : 3);
  }

  @Override
  public long physical(long address) {
    int unused = Long.SIZE - top - LEVEL;
    if (address << unused >> unused != address) {
      return NONE;
    }
    long number = address >>> SHIFT_2M;
    int slot = (int) number & (KEPT_2M - 1);
    Table table = spans2M[slot];
    if (table == null || table.number != number) {
      long at = middle(address);
      if (at < 0) {
        return at;
      }
      if ((at & LARGE) != 0) {
        return leaf(at, address, SHIFT_2M);
      }
      if ((at & 2 * LARGE) != 0) {
        return leaf(at, address, SHIFT_1G);
      }
      ByteBuffer page = table(at & mask);
      if (page == null) {
        return ABSENT;
      }
      table = new Table(number, page, 0);
      spans2M[slot] = table;
    }
    long entry = entry(table.page, address, PhysicalMemory.PAGE_SHIFT);
    return (entry & PRESENT) == 0 ? NONE : leaf(entry, address, PhysicalMemory.PAGE_SHIFT);
  }

  private long leaf(long entry, long address, int shift) {
    long inside = (1L << shift) - 1;
    return (entry & mask & ~inside) | (address & inside);
  }

  /**
   * What is above the tables of the last level: {@link #NONE}, {@link #ABSENT}, or an address with
   * {@link #LARGE} when it is of a page of 2 MiB, twice that when of 1 GiB, and else of a table.
   */
  private long middle(long address) {
    long number = address >>> SHIFT_1G;
    int slot = (int) number & (KEPT_1G - 1);
    Table table = spans1G[slot];
    if (table == null || table.number != number) {
      table = upper(address, number);
      spans1G[slot] = table;
    }
    if (table.page == null) {
      return table.result;
    }
    long entry = entry(table.page, address, SHIFT_2M);
    return (entry & PRESENT) == 0 ? NONE : entry & (mask | LARGE);
  }

  private Table upper(long address, long number) {
    long at = root;
    for (int shift = top; shift >= SHIFT_1G; shift -= LEVEL) {
      ByteBuffer page = table(at);
      if (page == null) {
        return new Table(number, null, ABSENT);
      }
      long entry = entry(page, address, shift);
      if ((entry & PRESENT) == 0) {
        return new Table(number, null, NONE);
      }
      at = entry & mask;
      if (shift == SHIFT_1G && (entry & LARGE) != 0) {
        return new Table(number, null, at | 2 * LARGE);
      }
    }
    ByteBuffer page = table(at);
    return new Table(number, page, ABSENT);
  }

  /** A table, or null when the file does not have it whole. */
  private ByteBuffer table(long at) {
    try {
      return memory.page(at >>> PhysicalMemory.PAGE_SHIFT);
    } catch (MalformedException e) {
      return null;
    }
  }

  private static long entry(ByteBuffer table, long address, int shift) {
    return table.getLong(((int) (address >>> shift) & ((1 << LEVEL) - 1)) * Long.BYTES);
  }
}
