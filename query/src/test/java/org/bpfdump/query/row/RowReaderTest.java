// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bpfdump.error.MalformedException;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowReaderTest {
  private static final Span SPAN = new Span(0, 1);
  private static final Value ADDRESS = new Value.Constant(SPAN, new Type.Pointer(0), 1);
  private static final Place PLACE = new Place(ADDRESS, 0, Optional.empty(), 0, Place.Reach.DIRECT);

  /** An int, an unsigned char, a short name, an address of 16 bytes; two chunks; two texts. */
  private static final List<Column> COLUMNS =
      List.of(
          scalar("pid", new Type.Int(4, true, 0)),
          new Column("path", "", new Cell.Characters(new Text.PathOf(SPAN, PLACE))),
          scalar("flags", new Type.Int(1, false, 0)),
          new Column("comm", "", new Cell.Characters(new Text.CharArray(SPAN, PLACE, 16))),
          new Column("to", "", new Cell.Bytes(PLACE, 16, new Shown.Ipv6())),
          new Column("name", "", new Cell.Characters(new Text.StringAt(SPAN, ADDRESS, 64))));

  private static final RowLayout LAYOUT =
      new RowLayout(
          List.of(
              new RowLayout.Slot.Fixed(0, 8, 4, 0),
              new RowLayout.Slot.Variable(0),
              new RowLayout.Slot.Fixed(0, 12, 1, 1),
              new RowLayout.Slot.Fixed(1, 8, 16, 0),
              new RowLayout.Slot.Fixed(1, 24, 16, 1),
              new RowLayout.Slot.Variable(1)),
          List.of(16, 40),
          2);

  private static Column scalar(String label, Type type) {
    return new Column(
        label, "", new Cell.Scalar(new Value.Constant(SPAN, type, 0), new Shown.Decimal()));
  }

  /** What a row holds; null for NULL. */
  private record Expected(Integer pid, String path, Integer flags, String comm, String name) {}

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 32 << 10})
  void rowsAreReadHoweverTheBytesArrive(int step) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<Expected> expected = new ArrayList<>();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(word(RowLayout.Kind.BEGIN, 0));
    for (int i = 0; i < 50; i++) {
      Expected row = random(random);
      expected.add(row);
      bytes.writeBytes(encode(row));
    }
    bytes.writeBytes(word(RowLayout.Kind.END, 0));
    bytes.writeBytes(ByteBuffer.allocate(8).order(ByteOrder.nativeOrder()).putLong(98).array());

    RowReader reader = reader(bytes.toByteArray(), step);
    List<Expected> read = new ArrayList<>();
    while (reader.next()) {
      read.add(
          new Expected(
              reader.isNull(0) ? null : (int) reader.number(0),
              text(reader, 1),
              reader.isNull(2) ? null : (int) reader.number(2),
              text(reader, 3),
              text(reader, 5)));
    }

    assertThat(read).as("seed %d", seed).isEqualTo(expected);
    assertThat(reader.rows()).isEqualTo(50);
    assertThat(reader.finished()).isTrue();
    assertThat(reader.visited()).isEqualTo(99);
  }

  @Test
  void aWalkWithoutObjectsVisitedNone() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(word(RowLayout.Kind.END, 0));
    bytes.writeBytes(new byte[8]);
    RowReader reader = reader(bytes.toByteArray(), 100);

    assertThat(reader.next()).isFalse();
    assertThat(reader.finished()).isTrue();
    assertThat(reader.visited()).isZero();
  }

  @Test
  void aWalkThatStopsIsNotFinished() {
    RowReader reader = reader(word(RowLayout.Kind.BEGIN, 0), 100);

    assertThat(reader.next()).isFalse();
    assertThat(reader.finished()).isFalse();
  }

  @Test
  void aPartOfARowIsAnError() {
    byte[] row = encode(new Expected(1, "/tmp", 2, "sh", "x"));
    for (int length = 1; length < row.length; length++) {
      RowReader reader = reader(Arrays.copyOf(row, length), 100);
      assertThatThrownBy(reader::next).isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void changedBytesGiveRowsOrAnError() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      for (int k = 0; k < 3; k++) {
        bytes.writeBytes(encode(random(random)));
      }
      byte[] changed = bytes.toByteArray();
      for (int k = 0; k < 4; k++) {
        changed[random.nextInt(changed.length)] = (byte) random.nextInt();
      }
      RowReader reader = reader(changed, 64);
      try {
        while (reader.next()) {
          reader.number(0);
          text(reader, 1);
          text(reader, 3);
        }
      } catch (MalformedException e) {
        assertThat(e.getMessage()).as("seed %d", seed).startsWith("a query's dump: ");
      }
    }
  }

  private static RowReader reader(byte[] bytes, int step) {
    ByteBuffer from = ByteBuffer.wrap(bytes);
    RowReader.RowSource source =
        into -> {
          int n = (int) Math.min(Math.min(step, from.remaining()), into.byteSize());
          MemorySegment.copy(MemorySegment.ofBuffer(from), 0, into, 0, n);
          from.position(from.position() + n);
          return n;
        };
    return new RowReader(source, COLUMNS, LAYOUT, ByteOrder.nativeOrder());
  }

  private static String text(RowReader reader, int column) {
    return reader.isNull(column)
        ? null
        : StandardCharsets.UTF_8.decode(reader.bytes(column)).toString();
  }

  private static Expected random(Random random) {
    return new Expected(
        random.nextInt(5) == 0 ? null : random.nextInt(),
        random.nextInt(5) == 0 ? null : "/p".repeat(random.nextInt(2000)),
        random.nextInt(5) == 0 ? null : random.nextInt(256),
        random.nextInt(5) == 0 ? null : "c".repeat(random.nextInt(17)),
        random.nextInt(5) == 0 ? null : "n".repeat(random.nextInt(64)));
  }

  private static byte[] encode(Expected row) {
    ByteBuffer out = ByteBuffer.allocate(8192).order(ByteOrder.nativeOrder());
    out.put(word(RowLayout.Kind.ROW, (row.pid == null ? 1 : 0) | (row.flags == null ? 2 : 0)));
    out.putInt(row.pid == null ? 0 : row.pid);
    out.put((byte) (row.flags == null ? 0 : row.flags)).put(new byte[3]);
    out.putLong(row.comm == null ? 1 : 0);
    out.put(Arrays.copyOf((row.comm == null ? "" : row.comm).getBytes(StandardCharsets.UTF_8), 16));
    out.put(new byte[16]);
    for (String text : new String[] {row.path, row.name}) {
      out.putInt(text == null ? -1 : text.length());
      out.put((text == null ? "" : text).getBytes(StandardCharsets.UTF_8));
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static byte[] word(RowLayout.Kind kind, int low) {
    return ByteBuffer.allocate(8)
        .order(ByteOrder.nativeOrder())
        .putLong((long) kind.code() << 32 | low)
        .array();
  }
}
