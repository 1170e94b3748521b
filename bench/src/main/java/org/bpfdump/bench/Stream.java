// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.obj.ObjectFile;

/** Passes over many open files, read from one link by both sides in turn. */
final class Stream {
  private static final int FILES = 200_000;

  /** As in {@code open_files.bpf.c}. */
  private static final int RECORD = 24;

  private static final int TGID = 0;
  private static final int FD = 8;
  private static final int FLAGS = 12;
  private static final int INODE = 16;

  /** What a pass of either side gave. */
  private record Pass(double nanos, long bytes, long sum) {
    /** The line of the C peer. */
    static Pass of(String answer) {
      String[] words = answer.split(" ");
      return new Pass(
          Double.parseDouble(words[0]), Long.parseLong(words[1]), Long.parseUnsignedLong(words[2]));
    }
  }

  private Stream() {}

  static List<Outcome> run(Setting setting) throws IOException {
    Path object = setting.root().resolve("bench/src/main/bpf/open_files.bpf.o");
    setting.progress("stream: opening " + FILES + " files");
    List<Outcome> outcomes = new ArrayList<>();
    try (Peer files = new Peer(setting.program("files"), String.valueOf(FILES));
        LiveKernel kernel = LiveKernel.open();
        Dumper dumper = kernel.load(ObjectFile.read(object).program());
        Peer peer = new Peer(setting.program("stream"), dumper.name());
        FileChannel sink = FileChannel.open(Path.of("/dev/null"), StandardOpenOption.WRITE);
        Arena arena = Arena.ofConfined()) {
      files.answer();
      MemorySegment buffer = arena.allocate(32 << 10, 64);
      outcomes.add(
          compare(
              setting,
              "stream-sink",
              "stream a binary dump of 200,000 open files to /dev/null",
              () -> sink(dumper, buffer, sink),
              () -> Pass.of(peer.ask("sink"))));
      outcomes.add(
          compare(
              setting,
              "stream-fields",
              "the same to a consumer that reads four fields of each row",
              () -> fields(dumper, buffer),
              () -> Pass.of(peer.ask("fields"))));
    }
    return outcomes;
  }

  /** One pass of one side. */
  private interface Side {
    Pass pass() throws IOException;
  }

  private static Outcome compare(Setting setting, String row, String what, Side ours, Side theirs)
      throws IOException {
    int rounds = setting.rounds(100);
    int warmUp = setting.rounds(50);
    setting.progress(row + ": " + warmUp + " passes to warm up, then " + rounds + " rounds");
    double[] ratios = new double[rounds];
    long rows = Long.MAX_VALUE;
    double apart = 1;
    for (int i = 0; i < warmUp; i++) {
      ours.pass();
    }
    theirs.pass();
    for (int round = 0; round < rounds; round++) {
      Pass first = (round % 2 == 0 ? theirs : ours).pass();
      Pass second = (round % 2 == 0 ? ours : theirs).pass();
      // Other processes open and close files as well, a few; one round is as good as undisturbed.
      apart = Math.min(apart, apart(first.bytes, second.bytes) + apart(first.sum, second.sum));
      rows = Math.min(rows, Math.min(first.bytes, second.bytes) / RECORD);
      ratios[round] = round % 2 == 0 ? second.nanos / first.nanos : first.nanos / second.nanos;
    }
    if (apart > 0.001) {
      throw new IOException("the two sides differ in what they read, by " + apart);
    }
    if (rows < FILES) {
      throw new IOException("a pass had " + rows + " rows, of " + FILES + " files at least");
    }
    return Outcome.ratio(
        row,
        what,
        "C with read(2) into 1 MiB",
        1.05,
        ratios,
        List.of(
            String.format(
                Locale.ROOT,
                "%d rounds of a pass each (ITER_CREATE to close) over one link, with %d rows or more"
                    + " of %d bytes, after %d passes in the JVM to warm up; the side that starts"
                    + " alternates.",
                rounds,
                rows,
                RECORD,
                warmUp),
            "Checked: both sides read as many bytes, and their fields have the same sum."));
  }

  private static double apart(long a, long b) {
    return a == b ? 0 : (double) Math.abs(a - b) / Math.max(a, b);
  }

  private static Pass sink(Dumper dumper, MemorySegment buffer, FileChannel sink)
      throws IOException {
    ByteBuffer bytes = buffer.asByteBuffer();
    long start = System.nanoTime();
    long total = 0;
    try (Dump dump = dumper.open()) {
      for (long n = dump.read(buffer); n > 0; n = dump.read(buffer)) {
        bytes.position(0).limit((int) n);
        while (bytes.hasRemaining()) {
          sink.write(bytes);
        }
        total += n;
      }
    }
    return new Pass(System.nanoTime() - start, total, 0);
  }

  private static Pass fields(Dumper dumper, MemorySegment buffer) {
    long start = System.nanoTime();
    long total = 0;
    long sum = 0;
    try (Dump dump = dumper.open()) {
      for (long n = dump.read(buffer); n > 0; n = dump.read(buffer)) {
        for (int at = 0; at < n; at += RECORD) {
          sum += Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT, at + TGID));
          sum += Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT, at + FD));
          sum += Integer.toUnsignedLong(buffer.get(ValueLayout.JAVA_INT, at + FLAGS));
          sum += buffer.get(ValueLayout.JAVA_LONG, at + INODE);
        }
        total += n;
      }
    }
    return new Pass(System.nanoTime() - start, total, sum);
  }
}
