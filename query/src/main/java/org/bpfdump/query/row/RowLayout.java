// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.row;

import java.util.List;
import org.bpfdump.query.plan.Column;

/**
 * Where a row's cells are in what the program writes.
 *
 * <p>All is in the byte order of the kernel. The program writes records, one after the other; each
 * begins with a word of 64 bits whose upper half is its {@link Kind}:
 *
 * <ul>
 *   <li>{@code BEGIN}, nothing else: there was a first object;
 *   <li>{@code ROW}, an object that matched;
 *   <li>{@code END}, and a word with the number of the last object, counted from 0: the walk
 *       reached its end. Where there was no {@code BEGIN}, there was no object.
 * </ul>
 *
 * <p>A row is its <em>chunks</em> and then its texts. A chunk begins with a word (the first one is
 * the record's), whose lower half has a bit for each of its cells, set when the cell is NULL, then
 * has the cells, each at a multiple of its size (of 8 at most), and is padded to a multiple of 8. A
 * text is its length in 32 bits, -1 for NULL, and its bytes. Texts follow each other in the order
 * of their columns without padding.
 *
 * @param cells where each column is, in the order of the columns
 * @param chunks size of each chunk in bytes; at least one
 * @param texts how many texts there are
 */
public record RowLayout(List<Slot> cells, List<Integer> chunks, int texts) {
  /** Bytes that a chunk has at most; it is built on the program's stack. */
  public static final int LONGEST_CHUNK = 264;

  /** Cells that a chunk has at most: as many as bits for NULL. */
  public static final int MOST_CELLS = 32;

  /** Characters that are put into a chunk; longer texts follow the chunks. */
  public static final int LONGEST_INLINE = 64;

  /**
   * Bytes of an address of either kind: 4 or 16 of the address, and at {@link #ADDRESS_LENGTH_AT}
   * how many.
   */
  public static final int ADDRESS = 24;

  /** Offset of the byte that says how long an address is. */
  public static final int ADDRESS_LENGTH_AT = 20;

  public RowLayout {
    cells = List.copyOf(cells);
    chunks = List.copyOf(chunks);
  }

  /** The layout of rows of these columns. */
  public static RowLayout of(List<Column> columns) {
    return new Arrangement(columns).layout();
  }

  /** How many bytes every row has at least: all but the bytes of its texts. */
  public int least() {
    int least = texts * Integer.BYTES;
    for (int chunk : chunks) {
      least += chunk;
    }
    return least;
  }

  /** What a record is, as the upper half of its first word has it. */
  public enum Kind {
    ROW(1),
    BEGIN(2),
    END(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /** The number in the stream. */
    public int code() {
      return code;
    }
  }

  /** Where a cell is. */
  public sealed interface Slot {
    /**
     * In a chunk.
     *
     * @param chunk which
     * @param offset in it, in bytes
     * @param bytes how many
     * @param bit which bit of the chunk's first word says that it is NULL
     */
    record Fixed(int chunk, int offset, int bytes, int bit) implements Slot {}

    /** A text, by its place among the row's texts. */
    record Variable(int index) implements Slot {}
  }
}
