// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bpfdump.error.QueryException;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.row.FakeRow;
import org.junit.jupiter.api.Test;

class RowWriterTest {
  private static final Span SPAN = new Span(0, 1);
  private static final Value ADDRESS = new Value.Constant(SPAN, new Type.Pointer(0), 1);
  private static final List<Column> COLUMNS =
      List.of(scalar("tgid", 4, true), text("comm"), scalar("size", 8, false), text("path"));

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final Sink sink = (from, start, end) -> bytes.write(from, start, end - start);

  private static Column scalar(String label, int size, boolean signed) {
    Value value = new Value.Constant(SPAN, new Type.Int(size, signed, 0), 0);
    return new Column(label, label, new Cell.Scalar(value, new Shown.Decimal()));
  }

  private static Column text(String label) {
    Place place = new Place(ADDRESS, 0, Optional.empty(), 0, Place.Reach.DIRECT);
    return new Column(label, label, new Cell.Characters(new Text.PathOf(SPAN, place)));
  }

  private Table table(int fit) {
    return new Table(sink, COLUMNS, new Users(), true, fit, false);
  }

  private String written() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void numbersAreAlignedRightAndTextsLeft() {
    Table table = table(0);
    table.row(FakeRow.of(1L, "init", -1L, "/"));
    table.row(FakeRow.of(4711L, "j\u00f6rg", 7L, null));
    table.row(FakeRow.of(null, null, null, "/tmp"));
    table.end();

    assertThat(written())
        .isEqualTo(
            """
            tgid comm                 size path
               1 init 18446744073709551615 /
            4711 j\u00f6rg                    7
                                           /tmp
            """);
  }

  @Test
  void theFirstRowsAreNotWaitedForAtAFlush() {
    Table table = table(0);
    table.row(FakeRow.of(1L, "a", 1L, "b"));
    assertThat(written()).isEmpty();
    table.flush();
    assertThat(written()).isEqualTo("tgid comm size path\n   1 a       1 b\n");

    table.row(FakeRow.of(1L, "longer", 1L, "b"));
    table.row(FakeRow.of(1L, "a", 1L, "b"));
    table.flush();
    assertThat(written()).endsWith("   1 longer    1 b\n   1 a         1 b\n");
  }

  @Test
  void aTableWithoutRowsHasItsHeader() {
    table(0).end();
    assertThat(written()).isEqualTo("tgid comm size path\n");
  }

  @Test
  void aTableFitsItsTerminal() {
    Table table = table(40);
    table.row(FakeRow.of(1L, "a", 123L, "/a/very/long/path/that/does/not/fit"));
    table.row(FakeRow.of(2L, "bbb", 5L, "/short"));
    table.end();

    assertThat(written().lines())
        .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
    assertThat(written()).contains("/a/very/long/path/t").contains("\u2026");
  }

  @Test
  void wideCharactersTakeTwoColumns() {
    Table table = table(40);
    table.row(FakeRow.of(1L, "\u5185\u6838", 1L, "/" + "\u30ab".repeat(20)));
    table.row(FakeRow.of(2L, "e\u0301", 2L, "/a"));
    table.end();

    assertThat(written().lines())
        .containsExactly(
            "tgid comm size path",
            "   1 \u5185\u6838    1 /" + "\u30ab".repeat(11) + "\u2026",
            "   2 e\u0301       2 /a");
  }

  @Test
  void aHeaderIsBoldOnlyWhereAskedFor() {
    new Table(sink, COLUMNS, new Users(), true, 0, true).end();
    assertThat(written()).isEqualTo("\033[1mtgid comm size path\033[0m\n");
  }

  @Test
  void nothingInACellReachesTheTerminalAsAControl() {
    byte[] hostile = {'a', 27, '[', '2', 'J', '\n', (byte) 0xC2, (byte) 0x9B, (byte) 0xFF, 'z'};
    Table table = table(0);
    table.row(FakeRow.of(1L, hostile, 1L, "b"));
    table.end();
    TabSeparated tabs = new TabSeparated(sink, COLUMNS, new Users(), false);
    tabs.row(FakeRow.of(1L, hostile, null, "b\tc"));
    tabs.end();

    assertThat(written())
        .contains("a\\x1b[2J\\x0a\\xc2\\x9b\\xffz")
        .endsWith("1\ta\\x1b[2J\\x0a\\xc2\\x9b\\xffz\t\tb\\x09c\n");
  }

  @Test
  void commaSeparatedValuesComeBackAsTheyWere() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    CommaSeparated csv = new CommaSeparated(sink, COLUMNS, new Users(), true);
    List<List<String>> expected = new ArrayList<>();
    expected.add(List.of("tgid", "comm", "size", "path"));
    for (int i = 0; i < 200; i++) {
      String comm = random(random);
      String path = random(random);
      csv.row(FakeRow.of((long) i, comm, null, path));
      expected.add(List.of(Integer.toString(i), comm, "", path));
    }
    csv.end();

    List<List<String>> read = new ArrayList<>();
    CsvReader.builder().ofCsvRecord(written()).forEach(line -> read.add(line.getFields()));
    assertThat(read).as("seed %d", seed).isEqualTo(expected);
    assertThat(written()).startsWith("tgid,comm,size,path\r\n");
  }

  @Test
  void jsonSaysNumbersNullAndTexts() {
    Json json = new Json(sink, COLUMNS, new Users(), false);
    json.row(FakeRow.of(-1L, "a\"\n\033", -1L, null));
    json.row(FakeRow.of(2L, new byte[] {(byte) 0xFF}, 5L, "/"));
    json.end();

    assertThat(written())
        .isEqualTo(
            """
            [
            {"tgid":-1,"comm":"a\\"\\n\\u001B","size":18446744073709551615,"path":null},
            {"tgid":2,"comm":"\ufffd","size":5,"path":"/"}
            ]
            """);
  }

  @Test
  void jsonHasPortsAsNumbersToo() {
    Value inNetworkOrder = new Value.Constant(SPAN, new Type.Int(2, false, 0), 0);
    Column port = new Column("port", "dport", new Cell.Scalar(inNetworkOrder, new Shown.Port()));
    Json json = new Json(sink, List.of(port), new Users(), true);
    json.row(FakeRow.of((long) Short.toUnsignedInt(Short.reverseBytes((short) 443))));
    json.row(FakeRow.of((Long) null));
    json.end();

    assertThat(written()).isEqualTo("{\"port\":443}\n{\"port\":null}\n");
  }

  @Test
  void jsonWantsALabelForEachColumn() {
    List<Column> same = List.of(scalar("a", 4, true), text("b"), text("a"));

    assertThatThrownBy(() -> new Json(sink, same, new Users(), false))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("two columns are labelled a, ")
        .hasMessageEndingWith("other = a");
    assertThat(written()).isEmpty();
  }

  @Test
  void noRowsAreAnEmptyArrayOrNoLines() {
    new Json(sink, COLUMNS, new Users(), true).end();
    assertThat(written()).isEmpty();
    new Json(sink, COLUMNS, new Users(), false).end();
    assertThat(written()).isEqualTo("[]\n");
  }

  @Test
  void jsonLinesAreOneObjectEach() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Json json = new Json(sink, COLUMNS, new Users(), true);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String comm = random(random);
      expected.add(comm);
      json.row(FakeRow.of((long) i, comm, 1L, null));
    }
    json.end();

    List<String> lines = written().lines().toList();
    assertThat(lines).hasSize(100);
    for (int i = 0; i < 100; i++) {
      try (JsonParser parser = new JsonFactory().createParser(lines.get(i))) {
        String comm = null;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          if (parser.currentToken() == JsonToken.VALUE_STRING) {
            comm = parser.getText();
          }
        }
        assertThat(comm).as("seed %d", seed).isEqualTo(expected.get(i));
      }
    }
  }

  /** Characters that formats have opinions about. */
  private static String random(Random random) {
    String alphabet = "abc,\"\r\n\t '\\\u00e9\u20ac;{}[]";
    StringBuilder text = new StringBuilder("x");
    for (int i = random.nextInt(12); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
