// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.row;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.bpfdump.query.Row;

/** A row of given cells: a Long is a number, a String or byte array a text, null is NULL. */
public record FakeRow(List<Object> cells) implements Row {
  public static FakeRow of(Object... cells) {
    return new FakeRow(Collections.unmodifiableList(Arrays.asList(cells)));
  }

  @Override
  public int columns() {
    return cells.size();
  }

  @Override
  public boolean isNull(int column) {
    return cells.get(column) == null;
  }

  @Override
  public long number(int column) {
    return (Long) cells.get(column);
  }

  @Override
  public ByteBuffer bytes(int column) {
    return ByteBuffer.wrap(
        cells.get(column) instanceof String text
            ? text.getBytes(StandardCharsets.UTF_8)
            : (byte[]) cells.get(column));
  }
}
