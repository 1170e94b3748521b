// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is put out is read back by others. */
@RequiresKernel
class DumpFormatTest {
  private static final String SELF = Long.toString(ProcessHandle.current().pid());
  private static final Path NAME = Path.of("/proc/self/comm");

  /** A name that every format has to take care of. */
  private static final String STRANGE = "a,\"b\"\t'\u00e9\\";

  private static final String MARKED = "\033[7m";

  @TempDir private Path dir;

  private String before;

  @BeforeEach
  void name() throws IOException {
    before = Files.readString(NAME).strip();
    Files.writeString(NAME, STRANGE);
  }

  @AfterEach
  void giveBack() throws IOException {
    Files.writeString(NAME, before);
  }

  /** One row: a number, text, NULL of either kind, a truth value. */
  private static Cli row(String... more) {
    List<String> words =
        new ArrayList<>(
            List.of("dump", "task", "pid, comm", "none = ((struct task_struct *)NULL).pid"));
    words.addAll(List.of("yes = pid == tgid", "--tid", SELF));
    words.addAll(List.of(more));
    Cli done = Cli.run(words.toArray(String[]::new));
    assertThat(done.status()).as(done.err()).isZero();
    return done;
  }

  private static List<String> json(String text) throws IOException {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        tokens.add(token.isScalarValue() ? token + " " + parser.getText() : token.toString());
      }
    }
    return tokens;
  }

  @Test
  void jsonHasNumbersTruthsAndNulls() throws IOException {
    List<String> one = json(row("--format", "jsonl").out());

    assertThat(one)
        .contains("VALUE_NUMBER_INT " + SELF, "VALUE_STRING " + STRANGE, "VALUE_NULL null")
        .startsWith("START_OBJECT", "FIELD_NAME")
        .endsWith("END_OBJECT");
    List<String> array = json(row("--format", "json").out());
    assertThat(array.subList(1, array.size() - 1)).isEqualTo(one);
    assertThat(array).startsWith("START_ARRAY").endsWith("END_ARRAY");
    assertThat(row("--format", "json", "--receipt").out())
        .endsWith(
            "{\"receipt\":{\"visited\":1,\"rows\":1,\"retries\":0,\"complete\":true,"
                + "\"missing\":null}}\n]\n");
  }

  @Test
  void csvHasWhatWasMeant() throws IOException {
    List<CsvRecord> records;
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder().ofCsvRecord(row("--format", "csv").out())) {
      records = reader.stream().toList();
    }

    assertThat(records).hasSize(2);
    assertThat(records.getFirst().getFields()).containsExactly("pid", "comm", "none", "yes");
    assertThat(records.getLast().getFields().subList(0, 3)).containsExactly(SELF, STRANGE, "");
  }

  @Test
  void tabsAndTableAreALineARow() {
    String escaped = STRANGE.replace("\t", "\\x09");

    assertThat(row("--format", "tsv", "--no-header").out())
        .startsWith(SELF + "\t" + escaped + "\t\t")
        .hasLineCount(1);
    assertThat(row().out().lines().toList())
        .hasSize(2)
        .last()
        .asString()
        .contains(SELF + " " + escaped + " ");
  }

  @Test
  void bytesAreThoseThatTheProgramWrote() {
    Cli done = Cli.run("dump", "task", "pid, comm", "--tid", SELF, "--format", "raw");

    ByteBuffer row = ByteBuffer.wrap(done.bytes()).order(ByteOrder.nativeOrder());
    byte[] name = Arrays.copyOfRange(done.bytes(), 8, 24);
    assertThat(row.getLong(0)).isEqualTo(1L << 32);
    assertThat(new String(name, StandardCharsets.UTF_8).replace("\0", "")).isEqualTo(STRANGE);
    assertThat(row.getInt(24)).isEqualTo(Integer.parseInt(SELF));
  }

  @Test
  void aTerminalGetsLinesThatFitAndNoMoreColourThanItTakes() {
    String dump = Bpfdump.shell("dump", "task", "pid, comm, x = comm, y = comm", "--tid", SELF);
    for (String no : List.of("", "1")) {
      String wide = "stty cols 30; TERM=xterm NO_COLOR=" + no + " " + dump;

      String shown = Exec.of("script", "-q", "-e", "-c", wide, "/dev/null").run().ok().out();

      assertThat(shown.lines().map(l -> l.replaceAll("\033\\[[0-9;]*m", "")))
          .allMatch(line -> line.length() <= 30);
      assertThat(shown.contains("\033[1m")).isEqualTo(no.isEmpty());
    }
  }

  @Test
  void aDumpThatTakesLongSaysHowFarItIs() throws IOException {
    String dump = Bpfdump.shell("dump", "ksym", "ksym.name", "--format", "csv");
    Files.writeString(dir.resolve("slow"), dump + "| { sleep 4; cat >/dev/null; }");

    String shown =
        Exec.of("script", "-q", "-e", "-c", "sh slow", "/dev/null").in(dir).run().ok().out();

    assertThat(shown).containsPattern("bpfdump: [0-9]+ rows, [1-9] s").endsWith("\r\033[K");
  }

  @Test
  void watchingRedrawsAndLeavesTheTerminalAsItWas() throws IOException {
    String dump = Bpfdump.shell("dump", "task", "pid, at = now()", "--tid", SELF, "--watch", "1");
    Path script = dir.resolve("watch");
    Files.writeString(script, "trap : INT; TERM=xterm " + dump + "; echo status $?");

    String shown =
        Exec.sh("{ sleep 4; printf '\\003'; sleep 2; } | script -q -c 'sh watch' /dev/null")
            .in(dir)
            .run()
            .ok()
            .out();

    assertThat(shown).contains("\033[?25l", "\033[H", "1 visited, 1 row").contains("status 130");
    // Of the first frame nothing stands out, of the others what is not as it was.
    String[] frames = shown.split("\033\\[H", -1);
    assertThat(frames).hasSizeGreaterThan(3);
    assertThat(frames[1]).contains(SELF).doesNotContain(MARKED);
    assertThat(frames[2]).contains(SELF + " " + MARKED).containsOnlyOnce(MARKED);
    assertThat(shown.lastIndexOf("\033[?25h")).isGreaterThan(shown.lastIndexOf("\033[H"));
  }
}
