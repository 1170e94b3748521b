// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bpfdump.btf.BtfType;
import org.bpfdump.query.Row;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.row.FakeRow;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CellWriterTest {
  private static final Span SPAN = new Span(0, 1);

  private static String number(long value, int bytes, boolean signed, Shown shown) {
    return write(
        new Cell.Scalar(new Value.Constant(SPAN, new Type.Int(bytes, signed, 0), 0), shown),
        FakeRow.of(value),
        new Users());
  }

  private static String write(Cell cell, Row row, Users users) {
    TextBuffer out = new TextBuffer();
    new CellWriter(0, new Column("x", "x", cell), users).write(row, out);
    return out.toString();
  }

  @Test
  void numbersOfSixtyFourBitsHaveTheSignOfTheirType() {
    assertThat(number(-1, 8, false, new Shown.Decimal())).isEqualTo("18446744073709551615");
    assertThat(number(-1, 8, true, new Shown.Decimal())).isEqualTo("-1");
    assertThat(number(Long.MIN_VALUE, 8, true, new Shown.Decimal()))
        .isEqualTo(Long.toString(Long.MIN_VALUE));
    assertThat(number(-1, 4, true, new Shown.Hexadecimal())).isEqualTo("0xffffffff");
    assertThat(number(0, 4, true, new Shown.Hexadecimal())).isEqualTo("0x0");
  }

  @Test
  void numbersAreWrittenAsJavaWritesThem() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int i = 0; i < 10_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      TextBuffer out = new TextBuffer();
      out.putDecimal(value).put(' ').putUnsigned(value).put(' ').putHex(value);
      assertThat(out.toString())
          .as("seed %d", seed)
          .isEqualTo(value + " " + Long.toUnsignedString(value) + " " + Long.toHexString(value));
    }
  }

  @Test
  void whatHasANameIsNamed() {
    List<BtfType.Enumerator> values =
        List.of(
            new BtfType.Enumerator("NONE", 0),
            new BtfType.Enumerator("READ", 1),
            new BtfType.Enumerator("WRITE", 2));
    assertThat(number(2, 4, false, new Shown.Enumerators(values))).isEqualTo("WRITE");
    assertThat(number(7, 4, false, new Shown.Enumerators(values))).isEqualTo("7");
    assertThat(number(3, 4, false, new Shown.Flags(values))).isEqualTo("READ|WRITE");
    assertThat(number(0x12, 4, false, new Shown.Flags(values))).isEqualTo("WRITE|0x10");
    assertThat(number(0, 4, false, new Shown.Flags(values))).isEqualTo("0");
    assertThat(number(1, 1, false, new Shown.Truth())).isEqualTo("true");
  }

  @ParameterizedTest
  @CsvSource({
    "0,0.000s",
    "1500000000,1.500s",
    "61001000000,1:01.001",
    "3600000000000,1:00:00.000",
    "90061000000000,1d01:01:01.000",
    "-5000000,-0.005s"
  })
  void nanosecondsAreALengthOfTime(long value, String text) {
    assertThat(number(value, 8, true, new Shown.Duration())).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "::,::",
    "::1,::1",
    "fe80::1:0:0:2,fe80::1:0:0:2",
    "1:0:0:2::,1:0:0:2::",
    "2001:db8:0:1:1:1:1:1,2001:db8:0:1:1:1:1:1",
    "1:2:3:4:5:6:7:8,1:2:3:4:5:6:7:8",
    "0:0:1::,0:0:1::",
    "1::,1::",
    "fe80:0:0:0:0:0:0:1,fe80::1"
  })
  void addressesAreShortest(String address, String text) throws IOException {
    byte[] bytes = InetAddress.getByName(address).getAddress();
    Place place =
        new Place(
            new Value.Constant(SPAN, new Type.Pointer(0), 1),
            0,
            Optional.empty(),
            0,
            Place.Reach.DIRECT);
    assertThat(
            write(
                new Cell.Bytes(place, 16, new Shown.Ipv6()),
                FakeRow.of((Object) bytes),
                new Users()))
        .isEqualTo(text);
  }

  @Test
  void usersHaveTheNamesOfTheFile(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("passwd");
    Files.writeString(file, "root:x:0:0::/:\n+nis\nx\nme:x:1000:1000:J\u00f6rg:/:\n");
    Users users = new Users(file);
    assertThat(users.name(0)).isEqualTo("root");
    assertThat(users.name(1000)).isEqualTo("me");
    assertThat(users.name(4294967294L)).isEqualTo("4294967294");
  }
}
