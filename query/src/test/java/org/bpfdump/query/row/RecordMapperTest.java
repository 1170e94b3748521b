// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.RequestException;
import org.bpfdump.query.Field;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.junit.jupiter.api.Test;

class RecordMapperTest {
  private static final Span SPAN = new Span(0, 1);
  private static final Value ADDRESS = new Value.Constant(SPAN, new Type.Pointer(0), 1);

  record OpenFile(int tgid, @Field("task.comm") String comm, Long rss, String state, boolean old) {}

  record Small(byte value) {}

  record Wrong(int value) {}

  private static final List<Column> COLUMNS =
      List.of(
          scalar(new Shown.Decimal()),
          characters(),
          scalar(new Shown.Decimal()),
          scalar(new Shown.Enumerators(List.of(new BtfType.Enumerator("RUNNING", 0)))),
          scalar(new Shown.Decimal()));

  private static Column scalar(Shown shown) {
    return new Column(
        "x",
        "task.x",
        new Cell.Scalar(new Value.Constant(SPAN, new Type.Int(8, true, 0), 0), shown));
  }

  private static Column characters() {
    Place place = new Place(ADDRESS, 0, Optional.empty(), 0, Place.Reach.DIRECT);
    return new Column("x", "task.x", new Cell.Characters(new Text.CharArray(SPAN, place, 16)));
  }

  private static <T extends Record> RecordMapper<T> mapper(Class<T> type, Column... columns) {
    return new RecordMapper<>(type, MethodHandles.lookup(), Arrays.asList(columns));
  }

  @Test
  void aRowBecomesARecord() {
    RecordMapper<OpenFile> mapper = mapper(OpenFile.class, COLUMNS.toArray(Column[]::new));

    assertThat(mapper.map(FakeRow.of(7L, "bash", 4096L, 0L, 1L)))
        .isEqualTo(new OpenFile(7, "bash", 4096L, "RUNNING", true));
    assertThat(mapper.map(FakeRow.of(8L, null, null, null, 0L)))
        .isEqualTo(new OpenFile(8, null, null, null, false));
    assertThat(mapper.map(FakeRow.of(9L, "j\u00f6rg", -1L, 5L, 0L)))
        .isEqualTo(new OpenFile(9, "j\u00f6rg", -1L, "5", false));
  }

  @Test
  void componentsAreColumns() {
    assertThat(RecordMapper.columns(OpenFile.class))
        .containsExactly(
            "tgid = tgid", "comm = task.comm", "rss = rss", "state = state", "old = old");
  }

  @Test
  void nullIsNeverZero() {
    RecordMapper<OpenFile> mapper = mapper(OpenFile.class, COLUMNS.toArray(Column[]::new));

    assertThatThrownBy(() -> mapper.map(FakeRow.of(null, "x", 1L, 0L, 0L)))
        .isInstanceOf(RequestException.class)
        .hasMessage(
            "tgid is NULL in a row, which int cannot say: declare the component as a class,"
                + " Integer");
  }

  @Test
  void aNumberThatDoesNotFitIsAnError() {
    RecordMapper<Small> mapper = mapper(Small.class, scalar(new Shown.Decimal()));

    assertThat(mapper.map(FakeRow.of(-128L))).isEqualTo(new Small((byte) -128));
    assertThatThrownBy(() -> mapper.map(FakeRow.of(128L)))
        .hasMessage("value is 128 in a row, which byte cannot hold: declare the component as long");
  }

  @Test
  void aTextIsNoNumber() {
    assertThatThrownBy(() -> mapper(Wrong.class, characters()))
        .isInstanceOf(RequestException.class)
        .hasMessage(
            "component value is a int, which cannot hold task.x: declare it as String or byte[]");
  }
}
