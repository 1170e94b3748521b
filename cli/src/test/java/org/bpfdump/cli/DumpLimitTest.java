// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A limit ends the kernel's walk: the kernel itself says how many objects a program has been run
 * for, and is asked when the last rows are put out, as the program goes soon after.
 */
@RequiresKernel
class DumpLimitTest {
  /** Counting is of all programs of the machine, so it is as it was when the test ends. */
  private static final Path COUNTING = Path.of("/proc/sys/kernel/bpf_stats_enabled");

  /** There are more symbols than this. */
  private static final int MANY = 50_000;

  private static final Path DESCRIPTORS = Path.of("/proc/self/fdinfo");
  private static final Pattern RUNS =
      Pattern.compile("^prog_type:\t26$.*^run_cnt:\t(\\d+)$", Pattern.MULTILINE | Pattern.DOTALL);

  private String before;

  @BeforeEach
  void count() throws IOException {
    before = Files.readString(COUNTING);
    Files.writeString(COUNTING, "1");
  }

  @AfterEach
  void giveBack() throws IOException {
    Files.writeString(COUNTING, before);
  }

  /** What was put out, and how often this process's iterator programs had been run by then. */
  private static final class Counted implements WritableByteChannel {
    private final StringBuilder text = new StringBuilder();
    private long runs;

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int length = bytes.remaining();
      text.append(StandardCharsets.UTF_8.decode(bytes));
      runs = runs();
      return length;
    }

    private static long runs() throws IOException {
      List<Path> all;
      try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
        all = descriptors.toList();
      }
      List<Long> runs = new ArrayList<>();
      for (Path descriptor : all) {
        try {
          Matcher program = RUNS.matcher(Files.readString(descriptor));
          if (program.find()) {
            runs.add(Long.valueOf(program.group(1)));
          }
        } catch (NoSuchFileException _) {
          // the one that listed them
        }
      }
      assertThat(runs).as("the query's program and no other").hasSize(1);
      return runs.getFirst();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static Counted dump(String... words) {
    Counted out = new Counted();
    List<String> command = new ArrayList<>(List.of("dump"));
    command.addAll(List.of(words));
    command.addAll(List.of("--format", "tsv", "--no-header"));
    try (PrintStream err = new PrintStream(OutputStream.nullOutputStream(), false)) {
      int status =
          Main.run(command.toArray(String[]::new), new Session(new Output(out, null), err));
      assertThat(status).isZero();
    }
    return out;
  }

  @Test
  void theKernelWalksToTheLastRowAndNoFurther() {
    assertThat(dump("ksym", "ksym.name").runs).isGreaterThan(MANY);
    for (int limit : new int[] {1, 2, 500, 5_000}) {
      for (String columns : List.of("ksym.name", "ksym.value", "ksym.value, str(ksym.name)")) {
        Counted some = dump("ksym", columns, "--limit", Integer.toString(limit));

        assertThat(some.text.toString()).hasLineCount(limit);
        // The last object of a buffer that is full is visited once more for the next.
        assertThat(some.runs)
            .as("%d rows of %s", limit, columns)
            .isBetween((long) limit, (long) limit + limit / 100);
      }
    }
  }

  @Test
  void theFirstOfRareRowsEndsIt() {
    List<String> first =
        dump("ksym", "ksym.value", "--limit", "1000").text.toString().lines().toList();
    String rare = "ksym.value == " + first.getLast();
    int at = first.indexOf(first.getLast()) + 1;

    assertThat(dump("ksym", "ksym.name", "--where", rare, "--limit", "1").runs).isEqualTo(at);
  }
}
