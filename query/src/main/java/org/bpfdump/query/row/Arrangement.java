// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.row;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.row.RowLayout.Slot;

/**
 * Puts columns into chunks: as many as fit into the first, and so on. In a chunk, the cells that
 * want the widest alignment come first, so that no bytes are lost between them.
 */
final class Arrangement {
  private static final int HEADER = 8;

  private final Slot[] slots;
  private final List<Integer> chunks = new ArrayList<>();
  private int texts;

  /** Columns of the chunk being filled, by alignment: 8, 4, 2, 1. */
  private final List<List<Integer>> waiting =
      List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

  private final int[] sizes;
  private int cells;

  Arrangement(List<Column> columns) {
    slots = new Slot[columns.size()];
    sizes = new int[columns.size()];
    int used = HEADER;
    for (int i = 0; i < slots.length; i++) {
      int size = inline(columns.get(i).cell());
      if (size == 0) {
        slots[i] = new Slot.Variable(texts++);
        continue;
      }
      sizes[i] = size;
      // Cells of a wide alignment keep their neighbours aligned when they take whole units of it.
      int taken = up(size, alignment(size));
      if (cells == RowLayout.MOST_CELLS || used + taken > RowLayout.LONGEST_CHUNK) {
        close();
        used = HEADER;
      }
      used += taken;
      cells++;
      waiting.get(3 - Integer.numberOfTrailingZeros(alignment(size))).add(i);
    }
    if (cells > 0 || chunks.isEmpty()) {
      close();
    }
  }

  RowLayout layout() {
    return new RowLayout(List.of(slots), chunks, texts);
  }

  private void close() {
    int at = HEADER;
    int bit = 0;
    for (int i = 0; i < waiting.size(); i++) {
      int alignment = 8 >> i;
      for (int column : waiting.get(i)) {
        slots[column] = new Slot.Fixed(chunks.size(), at, sizes[column], bit++);
        at += up(sizes[column], alignment);
      }
      waiting.get(i).clear();
    }
    chunks.add(up(at, 8));
    cells = 0;
  }

  private static int up(int size, int unit) {
    return (size + unit - 1) & -unit;
  }

  /** The largest power of two that is not above the size, at most 8. */
  private static int alignment(int size) {
    return Math.min(8, Integer.highestOneBit(size));
  }

  /** Bytes of a cell in a chunk; 0 for a text after them. */
  private static int inline(Cell cell) {
    return switch (cell) {
      case Cell.Scalar(var value, _) ->
          switch (value.type()) {
            case Type.Int(int bytes, _, _) -> bytes;
            case Type.Pointer _ -> 8;
          };
      case Cell.Bytes bytes -> bytes.length();
      case Cell.Address _ -> RowLayout.ADDRESS;
      case Cell.Characters(var text) -> {
        int length =
            switch (text) {
              case Text.CharArray array -> array.length();
              case Text.StringAt string -> string.max();
              case Text.Literal literal -> literal.value().getBytes(StandardCharsets.UTF_8).length;
              case Text.PathOf _, Text.SymbolAt _, Text.Choice _, Text.Counted _, Text.Joined _ ->
                  0;
            };
        yield length <= RowLayout.LONGEST_INLINE ? length : 0;
      }
    };
  }
}
