// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.IncompleteException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.ReadAhead;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ReadAheadTest {
  /** Bytes in pieces as a kernel gives them, then the end or a failure. */
  private static class Pieces implements Dump {
    private final byte[] bytes;
    private final BpfdumpException failure;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger reads = new AtomicInteger();
    private final Random random;
    private int at;

    Pieces(byte[] bytes, BpfdumpException failure, Random random) {
      this.bytes = bytes;
      this.failure = failure;
      this.random = random;
    }

    @Override
    public long read(MemorySegment into) {
      reads.incrementAndGet();
      int most = (int) Math.min(into.byteSize(), bytes.length - at);
      if (most == 0 && failure != null) {
        throw failure;
      }
      int length = most == 0 ? 0 : 1 + random.nextInt(most);
      MemorySegment.copy(MemorySegment.ofArray(bytes), at, into, 0, length);
      at += length;
      return length;
    }

    @Override
    public Receipt receipt() {
      boolean complete = at == bytes.length && failure == null;
      return new Receipt(
          at, reads.get(), 0, complete ? Optional.empty() : Optional.of("there is more"));
    }

    @Override
    public void close() {
      closed.countDown();
    }
  }

  private static byte[] some(Random random) {
    byte[] bytes = new byte[1_000_000];
    random.nextBytes(bytes);
    return bytes;
  }

  private static Random seeded() {
    long seed = System.nanoTime();
    System.out.println("seed " + seed);
    return new Random(seed);
  }

  private static void copy(Dump dump, int size, ByteArrayOutputStream to) throws IOException {
    MemorySegment into = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(size));
    for (long n = dump.read(into); n > 0; n = dump.read(into)) {
      to.write(into.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
    }
  }

  @Test
  void theBytesAreThoseOfTheDumpWhateverTheyAreReadInto() throws Exception {
    Random random = seeded();
    for (int size : new int[] {1000, 32 << 10, 100_000}) {
      byte[] bytes = some(random);
      Pieces pieces = new Pieces(bytes, null, random);
      ByteArrayOutputStream to = new ByteArrayOutputStream();
      try (ReadAhead ahead = new ReadAhead(pieces)) {
        copy(ahead, size, to);
        assertThat(ahead.receipt().complete()).isTrue();
        assertThat(ahead.receipt().bytes()).isEqualTo(bytes.length);
        assertThat(ahead.read(MemorySegment.ofBuffer(ByteBuffer.allocateDirect(8)))).isZero();
      }
      assertThat(to.toByteArray()).isEqualTo(bytes);
      assertThat(pieces.closed.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void anInterruptLosesNothing() throws IOException {
    Random random = seeded();
    byte[] bytes = some(random);
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (ReadAhead ahead = new ReadAhead(new Pieces(bytes, null, random))) {
      Thread.currentThread().interrupt();
      copy(ahead, 5000, to);
    }
    assertThat(Thread.interrupted()).isTrue();
    assertThat(to.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void aFailureComesAfterTheBytesBeforeIt() {
    Random random = seeded();
    byte[] bytes = some(random);
    Pieces pieces = new Pieces(bytes, new IncompleteException("it broke"), random);
    ByteArrayOutputStream to = new ByteArrayOutputStream();
    try (ReadAhead ahead = new ReadAhead(pieces)) {
      assertThatThrownBy(() -> copy(ahead, 5000, to))
          .isInstanceOf(IncompleteException.class)
          .hasMessage("it broke");
      assertThat(ahead.receipt().missing()).contains("there is more");
    }
    assertThat(to.toByteArray()).isEqualTo(bytes);
  }

  @Test
  void whoEndsEarlyHardlyWaitsAndLeavesNothingOpen() throws Exception {
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch kernel = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Dump slow =
        new Dump() {
          private boolean begun;

          @Override
          public long read(MemorySegment into) {
            if (!begun) {
              begun = true;
              return into.byteSize();
            }
            reading.countDown();
            try {
              kernel.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return 1;
          }

          @Override
          public Receipt receipt() {
            return new Receipt(0, 0, 0, Optional.of("not read"));
          }

          @Override
          public void close() {
            closed.countDown();
          }
        };
    try (ReadAhead ahead = new ReadAhead(slow)) {
      ahead.read(MemorySegment.ofBuffer(ByteBuffer.allocateDirect(8)));
      reading.await();
    }
    assertThat(closed.getCount()).as("a read is under way").isEqualTo(1);
    kernel.countDown();
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void aSmallDumpIsReadByWhoTakesIt() {
    Thread[] reader = new Thread[1];
    byte[] bytes = new byte[100];
    Pieces pieces =
        new Pieces(bytes, null, seeded()) {
          @Override
          public long read(MemorySegment into) {
            reader[0] = Thread.currentThread();
            return super.read(into);
          }
        };
    try (ReadAhead ahead = new ReadAhead(pieces)) {
      MemorySegment into = MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1000));
      for (long n = ahead.read(into); n > 0; n = ahead.read(into)) {
        assertThat(reader[0]).isSameAs(Thread.currentThread());
      }
      assertThat(reader[0]).isSameAs(Thread.currentThread());
      assertThat(ahead.receipt().complete()).isTrue();
    }
    assertThat(pieces.closed.getCount()).isZero();
  }

  @Test
  void aDumpThatNobodyTakesIsNotReadFar() throws Exception {
    Random random = seeded();
    Pieces pieces = new Pieces(some(random), null, random);
    try (ReadAhead ahead = new ReadAhead(pieces)) {
      ahead.read(MemorySegment.ofBuffer(ByteBuffer.allocateDirect(1)));
      TimeUnit.MILLISECONDS.sleep(50);
      assertThat(pieces.reads.get()).isBetween(1, 5);
    }
    assertThat(pieces.closed.await(10, TimeUnit.SECONDS)).isTrue();
  }

  @RequiresKernel
  @Test
  void rowsOfTheKernelAreTheSame() {
    // Symbols of the kernel itself neither come nor go.
    Query query =
        Query.of("ksym", List.of("ksym.value", "ksym.name")).where("ksym.module_name[0] == 0");
    try (LiveKernel kernel = LiveKernel.open();
        LoadedQuery loaded = query.load(kernel);
        RowDump plain = loaded.open();
        RowDump ahead = loaded.open(dumper -> new ReadAhead(dumper.open()))) {
      while (plain.next()) {
        assertThat(ahead.next()).isTrue();
        assertThat(ahead.row().number(0)).isEqualTo(plain.row().number(0));
        assertThat(ahead.row().bytes(1)).isEqualTo(plain.row().bytes(1));
      }
      assertThat(ahead.next()).isFalse();
      assertThat(ahead.receipt().complete()).isTrue();
    }
  }
}
