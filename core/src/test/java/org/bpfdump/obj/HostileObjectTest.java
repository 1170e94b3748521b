// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.asm.Disassembler;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.testkit.Mutator;
import org.junit.jupiter.api.Test;

/** Objects that no compiler made: a documented exception of one line, soon, and little memory. */
class HostileObjectTest {
  private static final Duration SOON = Duration.ofSeconds(1);

  /** Of the 256 MB that a reader of hostile objects may take at once. */
  private static final long MUCH_MEMORY = 256L << 20;

  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);

  /** How many objects; {@code -Dbpfdump.fuzz=200000} for a long run. */
  private static final int INPUTS = Integer.getInteger("bpfdump.fuzz", 2000);

  private final Disassembler disassembler = new Disassembler();
  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private int opened;

  @Test
  void spoiledObjectsAreReadOrRefused() throws IOException {
    List<byte[]> good = new ArrayList<>();
    for (Path file : Objects.all()) {
      good.add(Files.readAllBytes(file));
    }
    System.out.println("spoiling objects with -Dbpfdump.seed=" + SEED);
    Mutator mutator = new Mutator(SEED);
    for (int i = 0; i < INPUTS; i++) {
      byte[] spoiled = mutator.mutate(good.get(mutator.pick(good.size())));
      long memory = threads.getCurrentThreadAllocatedBytes();
      long start = System.nanoTime();
      try {
        readAll(spoiled);
      } catch (RuntimeException | Error e) {
        throw new AssertionError("input " + i + " of seed " + SEED, e);
      }
      assertThat(Duration.ofNanos(System.nanoTime() - start)).as("input %d", i).isLessThan(SOON);
      assertThat(threads.getCurrentThreadAllocatedBytes() - memory)
          .as("bytes taken for input %d", i)
          .isLessThan(MUCH_MEMORY);
    }
    // Were all refused at once, nothing but the first check would have been tried.
    assertThat(opened).isGreaterThan(INPUTS / 4);
  }

  private void readAll(byte[] bytes) {
    ObjectFile object;
    try {
      object = ObjectFile.parse("spoiled.o", bytes);
    } catch (BpfdumpException e) {
      check(e);
      return;
    }
    opened++;
    attempt(object::program);
    attempt(object::maps);
    attempt(() -> object.btf().ifPresent(HostileObjectTest::readAll));
    for (ObjectFile.Entry entry : object.programs()) {
      attempt(() -> disassembler.show(object.program(entry.name()).code()));
    }
  }

  private static void readAll(Btf btf) {
    for (int id = 1; id < btf.size(); id++) {
      btf.type(id);
    }
  }

  private static void attempt(Runnable what) {
    try {
      what.run();
    } catch (BpfdumpException e) {
      check(e);
    }
  }

  private static void check(BpfdumpException e) {
    assertThat(e)
        .isInstanceOfAny(
            MalformedException.class,
            UnsupportedException.class,
            RequestException.class,
            RelocationException.class);
    assertThat(e.getMessage()).hasSizeBetween(10, 2000).doesNotContain("\n");
  }
}
