// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.row;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.bpfdump.error.MalformedException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.query.Row;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Type;

/**
 * Reads the rows of a dump, one after the other, in place: it allocates nothing for a row. For one
 * thread.
 *
 * <p>The bytes come from a kernel, but which one and what it was made to write is for others to
 * say: sizes are checked against what was read before they are believed.
 */
public final class RowReader implements Row {
  /** A row that is longer than this was not written by a query's program. */
  private static final int LONGEST = 1 << 20;

  private static final int NULL_TEXT = -1;

  /** How a column is found and read. */
  private enum Form {
    SIGNED,
    UNSIGNED,
    BYTES,
    ADDRESS,
    INLINE_TEXT,
    TEXT
  }

  private final RowSource source;
  private final int[] chunks;
  private final Form[] forms;
  private final int[] chunkOf;
  private final int[] offsetOf;
  private final int[] bytesOf;
  private final int[] bitOf;

  /** What the source reads into: a kernel hands over at most one of its buffers. */
  private final ByteBuffer input = ByteBuffer.allocateDirect(32 << 10);

  private final MemorySegment inputMemory = MemorySegment.ofBuffer(input);

  /** On the heap, where a few bytes are read and copied faster than out of native memory. */
  private ByteBuffer buffer;

  private ByteBuffer view;
  private boolean ended;

  /** Bytes of the dump that were before the buffer's first. */
  private long taken;

  /** Where in the buffer the current row's chunks and texts begin. */
  private final int[] chunkAt;

  private final int[] textAt;

  private long rows;
  private boolean begun;
  private boolean finished;
  private long last;

  /** Where the bytes come from: {@link Dump#read} or a map's value. */
  @FunctionalInterface
  public interface RowSource {
    /** Reads into native memory, at least one byte; 0 at the end. */
    long read(MemorySegment into);
  }

  /** Of rows of these columns in this layout; the order is that of the kernel. */
  public RowReader(RowSource source, List<Column> columns, RowLayout layout, ByteOrder order) {
    this.source = source;
    int count = columns.size();
    chunks = new int[layout.chunks().size()];
    for (int i = 0; i < chunks.length; i++) {
      chunks[i] = layout.chunks().get(i);
    }
    forms = new Form[count];
    chunkOf = new int[count];
    offsetOf = new int[count];
    bytesOf = new int[count];
    bitOf = new int[count];
    for (int i = 0; i < count; i++) {
      switch (layout.cells().get(i)) {
        case RowLayout.Slot.Fixed fixed -> {
          chunkOf[i] = fixed.chunk();
          offsetOf[i] = fixed.offset();
          bytesOf[i] = fixed.bytes();
          bitOf[i] = fixed.bit();
        }
        case RowLayout.Slot.Variable variable -> chunkOf[i] = variable.index();
      }
      forms[i] = form(columns.get(i).cell(), layout.cells().get(i));
    }
    chunkAt = new int[chunks.length];
    textAt = new int[layout.texts()];
    allocate(64 << 10, order);
    buffer.limit(0);
  }

  private static Form form(Cell cell, RowLayout.Slot slot) {
    return switch (cell) {
      case Cell.Scalar scalar ->
          switch (scalar.value().type()) {
            case Type.Int number -> number.signed() ? Form.SIGNED : Form.UNSIGNED;
            case Type.Pointer _ -> Form.UNSIGNED;
          };
      case Cell.Bytes _ -> Form.BYTES;
      case Cell.Address _ -> Form.ADDRESS;
      case Cell.Characters _ ->
          switch (slot) {
            case RowLayout.Slot.Fixed _ -> Form.INLINE_TEXT;
            case RowLayout.Slot.Variable _ -> Form.TEXT;
          };
    };
  }

  private void allocate(int size, ByteOrder order) {
    buffer = ByteBuffer.allocate(size).order(order);
    view = buffer.duplicate().order(order);
  }

  /** Goes to the next row; false when there is none. */
  public boolean next() {
    while (need(8)) {
      int at = buffer.position();
      long head = buffer.getLong(at);
      int kind = (int) (head >>> 32);
      if (kind == RowLayout.Kind.ROW.code()) {
        row();
        rows++;
        return true;
      }
      if (kind == RowLayout.Kind.BEGIN.code()) {
        begun = true;
        buffer.position(at + 8);
      } else if (kind == RowLayout.Kind.END.code()) {
        if (!need(16)) {
          throw cut();
        }
        last = buffer.getLong(buffer.position() + 8);
        finished = true;
        buffer.position(buffer.position() + 16);
      } else {
        throw malformed("record of unknown kind " + kind);
      }
    }
    if (buffer.hasRemaining()) {
      throw cut();
    }
    return false;
  }

  /** Finds where the parts of the row at the buffer's position are, and goes after it. */
  private void row() {
    int size = 0;
    for (int chunk : chunks) {
      size += chunk;
    }
    whole(size);
    for (int i = 0; i < textAt.length; i++) {
      whole(size + 4);
      int length = buffer.getInt(buffer.position() + size);
      if (length != NULL_TEXT && (length < 0 || length > LONGEST)) {
        throw malformed("text of " + length + " bytes");
      }
      size += 4 + Math.max(length, 0);
      whole(size);
    }
    int at = buffer.position();
    for (int i = 0; i < chunks.length; i++) {
      chunkAt[i] = at;
      at += chunks[i];
    }
    for (int i = 0; i < textAt.length; i++) {
      textAt[i] = at;
      at += 4 + Math.max(buffer.getInt(at), 0);
    }
    buffer.position(at);
  }

  private void whole(int size) {
    if (!need(size)) {
      throw cut();
    }
  }

  private MalformedException cut() {
    return malformed("the dump ends within a record");
  }

  private MalformedException malformed(String what) {
    return new MalformedException("a query's dump: " + what, taken + buffer.position());
  }

  /** Makes sure of this many bytes at the buffer's position; false at the end of the dump. */
  private boolean need(int bytes) {
    while (buffer.remaining() < bytes) {
      if (ended) {
        return false;
      }
      if (bytes > LONGEST) {
        throw malformed("row longer than " + LONGEST + " bytes");
      }
      ByteBuffer old = buffer;
      taken += old.position();
      if (old.capacity() < bytes + input.capacity()) {
        allocate(2 * old.capacity(), old.order());
        buffer.put(old);
      } else {
        buffer.compact();
      }
      int n = (int) source.read(inputMemory);
      ended = n == 0;
      buffer.put(input.clear().limit(n)).flip();
    }
    return true;
  }

  @Override
  public int columns() {
    return forms.length;
  }

  @Override
  public boolean isNull(int column) {
    return forms[column] == Form.TEXT
        ? buffer.getInt(textAt[chunkOf[column]]) == NULL_TEXT
        : (buffer.getLong(chunkAt[chunkOf[column]]) >>> bitOf[column] & 1) != 0;
  }

  @Override
  public long number(int column) {
    int at = chunkAt[chunkOf[column]] + offsetOf[column];
    boolean signed = forms[column] == Form.SIGNED;
    if (!signed && forms[column] != Form.UNSIGNED) {
      throw new IllegalArgumentException("column " + column + " holds no number");
    }
    return switch (bytesOf[column]) {
      case 1 -> signed ? buffer.get(at) : buffer.get(at) & 0xFFL;
      case 2 -> signed ? buffer.getShort(at) : buffer.getShort(at) & 0xFFFFL;
      case 4 -> signed ? buffer.getInt(at) : buffer.getInt(at) & 0xFFFFFFFFL;
      default -> buffer.getLong(at);
    };
  }

  @Override
  public ByteBuffer bytes(int column) {
    switch (forms[column]) {
      case TEXT -> {
        int at = textAt[chunkOf[column]];
        int length = Math.max(buffer.getInt(at), 0);
        return view.limit(at + 4 + length).position(at + 4);
      }
      case ADDRESS -> {
        int at = chunkAt[chunkOf[column]] + offsetOf[column];
        boolean four = buffer.get(at + RowLayout.ADDRESS_LENGTH_AT) == 4;
        return view.limit(at + (isNull(column) ? 0 : four ? 4 : 16)).position(at);
      }
      case BYTES, INLINE_TEXT -> {
        int at = chunkAt[chunkOf[column]] + offsetOf[column];
        int length = isNull(column) ? 0 : bytesOf[column];
        if (forms[column] == Form.INLINE_TEXT) {
          int end = 0;
          while (end < length && buffer.get(at + end) != 0) {
            end++;
          }
          length = end;
        }
        return view.limit(at + length).position(at);
      }
      case SIGNED, UNSIGNED -> {}
    }
    throw new IllegalArgumentException("column " + column + " holds a number");
  }

  /**
   * All bytes of the row that {@link #next} went to, as {@link RowLayout} says: between position
   * and limit of the same buffer that {@link #bytes} gives.
   */
  public ByteBuffer record() {
    return view.limit(buffer.position()).position(chunkAt[0]);
  }

  /** How many rows were read. */
  public long rows() {
    return rows;
  }

  /** Whether the program said that the walk reached its end. */
  public boolean finished() {
    return finished;
  }

  /** How many objects were visited; known when {@link #finished()}. */
  public long visited() {
    return begun ? last + 1 : 0;
  }
}
