// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bpfdump.error.IncompleteException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.kernel.Target;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every kernel does alike, running or not. */
abstract class KernelContract {
  /** What fits the kernel's buffer. */
  private static final int MOST = 32767;

  /** The kernel, opened for the caller. */
  abstract Kernel open();

  /** The id of a process that is there as long as the test: its first thread's too. */
  abstract int process();

  private Parameter thread() {
    return new Parameter.Tid(process());
  }

  /** What a program was called with. */
  private record Call(long session, long number, boolean object) {}

  private static List<Call> calls(byte[] bytes) {
    List<Call> calls = new ArrayList<>();
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    while (from.hasRemaining()) {
      calls.add(new Call(from.getLong(), from.getLong(), from.getLong() != 0));
    }
    return calls;
  }

  private static byte[] all(Dump dump) throws IOException {
    return dump.stream().readAllBytes();
  }

  /** A dump in reads of this size. */
  private static byte[] all(Dump dump, int size) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(size);
      for (long n = dump.read(segment); n > 0; n = dump.read(segment)) {
        assertThat(n).isLessThanOrEqualTo(size);
        bytes.writeBytes(segment.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
      }
    }
    return bytes.toByteArray();
  }

  private static ProgramSpec example(String name) throws IOException {
    return ObjectFile.read(Project.example(name)).program();
  }

  @Test
  void targetsAreOrderedByNameAndFoundByNameOrPath() {
    try (Kernel kernel = open()) {
      assertThat(kernel.targets())
          .isSortedAccordingTo(Comparator.comparing(Target::name))
          .extracting(Target::name)
          .contains("task", "task_file", "bpf_map", "netlink")
          .doesNotHaveDuplicates();
      for (Target target : kernel.targets()) {
        assertThat(kernel.target(target.name())).isEqualTo(target);
        assertThat(kernel.target(target.path())).isEqualTo(target);
        assertThat(target.arguments().getFirst().name()).isEqualTo("meta");
      }
    }
  }

  @Test
  void anUnknownTargetIsAnsweredWithWhatThereIs() {
    try (Kernel kernel = open()) {
      assertThatThrownBy(() -> kernel.target("teapot"))
          .isInstanceOf(RequestException.class)
          .hasMessageStartingWith("unknown target teapot: this kernel has bpf_link, bpf_map");
      assertThatThrownBy(() -> kernel.target("task/flie"))
          .isInstanceOf(RequestException.class)
          .hasMessage("unknown target task/flie: did you mean task/file?");
      assertThatThrownBy(() -> kernel.load(ByHand.letter("teapot")))
          .isInstanceOf(UnsupportedException.class)
          .hasMessageStartingWith(
              "program by_hand wants what this kernel lacks: unknown target teapot");
    }
  }

  @Test
  void aProgramIsShownEachObjectAndThenNone() throws IOException {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.facts("task"));
        Dump dump = dumper.open()) {
      List<Call> calls = calls(all(dump));
      Call last = calls.removeLast();
      assertThat(last.object()).isFalse();
      assertThat(calls).isNotEmpty().allMatch(Call::object);
      for (int i = 0; i < calls.size(); i++) {
        assertThat(calls.get(i).number()).isEqualTo(i);
        assertThat(calls.get(i).session()).isEqualTo(last.session()).isPositive();
      }
      assertThat(last.number()).isEqualTo(calls.size() - 1);
    }
  }

  @Test
  void whatIsNotThereHasOnlyTheLastCall() throws IOException {
    Parameter nobody = new Parameter.Tid(Integer.MAX_VALUE);
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.facts("task"), nobody);
        Dump dump = dumper.open()) {
      assertThat(calls(all(dump)))
          .singleElement()
          .satisfies(call -> assertThat(call.object()).isFalse())
          .satisfies(call -> assertThat(call.number()).isZero());
      assertThat(dump.receipt().complete()).isTrue();
    }
  }

  @Test
  void aThreadIsOneTask() throws IOException {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.letter("task"), thread());
        Dump dump = dumper.open()) {
      assertThat(new String(all(dump), StandardCharsets.US_ASCII)).isEqualTo("AA");
    }
  }

  @Test
  void everyDumpIsASessionOfItsOwn() throws IOException {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.facts("task"), thread());
        Dump first = dumper.open();
        Dump second = dumper.open();
        Dump third = dumper.open()) {
      List<Long> sessions = new ArrayList<>();
      for (Dump dump : List.of(third, first, second)) {
        List<Call> calls = calls(all(dump));
        assertThat(calls).hasSize(2);
        sessions.add(calls.getFirst().session());
      }
      assertThat(sessions.get(1)).isLessThan(sessions.get(2));
      assertThat(sessions.get(2)).isLessThan(sessions.get(0));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 512, 4096, 1 << 16})
  void theSizeOfReadsDoesNotMatter(int size) throws IOException {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(example("task"), thread());
        Dump whole = dumper.open();
        Dump pieces = dumper.open()) {
      assertThat(all(pieces, size)).isEqualTo(all(whole)).isNotEmpty();
      assertThat(pieces.receipt().bytes()).isEqualTo(whole.receipt().bytes());
      assertThat(pieces.receipt().complete()).isTrue();
    }
  }

  @Test
  void linesAndStreamGiveTheSame() throws IOException {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(example("task"), thread());
        Dump lines = dumper.open();
        Dump stream = dumper.open()) {
      String text = new String(all(stream), StandardCharsets.UTF_8);
      assertThat(lines.lines().toList()).isEqualTo(text.lines().toList()).hasSizeGreaterThan(1);
    }
  }

  @Test
  void aReceiptIsCompleteAtTheEndAndNotBefore() throws IOException {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.letter("task"), thread());
        Dump dump = dumper.open()) {
      assertThat(dump.receipt().missing()).contains("it was not read to its end");
      assertThatThrownBy(() -> dump.receipt().requireComplete())
          .isInstanceOf(IncompleteException.class);
      all(dump);
      Receipt receipt = dump.receipt().requireComplete();
      assertThat(receipt.bytes()).isEqualTo(2);
      assertThat(receipt).hasToString("2 bytes, 2 reads, 0 retries, complete");
    }
  }

  @Test
  void aDumpOutlivesItsDumperAndItsKernel() throws IOException {
    Dump dump;
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.letter("task"), thread())) {
      dump = dumper.open();
    }
    try (dump) {
      assertThat(all(dump)).hasSize(2);
    }
  }

  @Test
  void closingTwiceClosesOnceAndAfterItNothingIsRead() {
    try (Kernel kernel = open();
        Arena arena = Arena.ofConfined()) {
      Dumper dumper = kernel.load(ByHand.letter("task"), thread());
      Dump dump = dumper.open();
      dump.close();
      dump.close();
      assertThatThrownBy(() -> dump.read(arena.allocate(1)))
          .isInstanceOf(IllegalStateException.class);
      dumper.close();
      dumper.close();
      assertThatThrownBy(dumper::open).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void readingIntoNothingIsAMistake() {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.letter("task"), thread());
        Dump dump = dumper.open()) {
      assertThatThrownBy(() -> dump.read(MemorySegment.NULL))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void anObjectThatIsRefusedIsShownAgainWithItsNumber() throws IOException {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.reluctant("task"), thread());
        Dump dump = dumper.open()) {
      // What the refusing calls wrote is not there; in the last call the result does not matter.
      List<Call> calls = calls(all(dump));
      assertThat(calls).hasSize(2);
      assertThat(calls.get(0).object()).isTrue();
      assertThat(calls.get(0).number()).isZero();
      assertThat(calls.get(1).object()).isFalse();
      assertThat(dump.receipt().retries()).isEqualTo(1);
      assertThat(dump.receipt().complete()).isTrue();
    }
  }

  @Test
  void aProgramThatRefusesForeverEndsIncomplete() {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.silent("task", 1));
        Dump dump = dumper.open()) {
      assertThatThrownBy(() -> all(dump))
          .isInstanceOf(IncompleteException.class)
          .hasMessageContaining("returned 1 for the same object of task 10000 times");
      assertThat(dump.receipt().complete()).isFalse();
      assertThat(dump.receipt().retries()).isEqualTo(9_999);
    }
  }

  @Test
  void aRecordThatFillsTheBufferButForAByteFits() throws IOException {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.zeroes("task", MOST), thread());
        Dump dump = dumper.open()) {
      assertThat(all(dump)).hasSize(2 * MOST);
      assertThat(dump.receipt().complete()).isTrue();
    }
  }

  @Test
  void aRecordThatFillsTheBufferDoesNotFit() {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.zeroes("task", MOST + 1), thread());
        Dump dump = dumper.open()) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> all(dump))
            .isInstanceOf(IncompleteException.class)
            .hasMessageContaining(
                "what the program writes for one object of task is more than the kernel's buffer"
                    + " holds (32767 bytes, E2BIG)");
      }
      assertThat(dump.receipt().bytes()).isZero();
      assertThat(dump.receipt().complete()).isFalse();
    }
  }

  @Test
  void recordsThatDoNotFitTogetherComeOneAfterTheOther() throws IOException {
    int size = 20_000;
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.zeroes("task", size));
        Dump dump = dumper.open();
        Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(1 << 16);
      long records = 0;
      for (long n = dump.read(segment); n > 0; n = dump.read(segment)) {
        assertThat(n).isEqualTo(size);
        records++;
      }
      assertThat(records).isGreaterThan(10);
      assertThat(dump.receipt().complete()).isTrue();
    }
  }

  @Test
  void aProgramsVariablesCanBeReadAndAreSharedByItsDumps() throws IOException {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.counting("task"), thread())) {
      assertThat(count(dumper)).isZero();
      for (int i = 1; i <= 3; i++) {
        try (Dump dump = dumper.open()) {
          assertThat(all(dump)).isEmpty();
        }
        assertThat(count(dumper)).isEqualTo(2L * i);
      }
      assertThatThrownBy(() -> dumper.mapValue("teapot"))
          .isInstanceOf(RequestException.class)
          .hasMessage("program by_hand has no map teapot with one value");
    }
  }

  private static long count(Dumper dumper) {
    return ByteBuffer.wrap(dumper.mapValue(ByHand.CALLS)).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }

  @Test
  void aParameterMustBeOneThatTheTargetTakes() {
    try (Kernel kernel = open()) {
      assertThatThrownBy(() -> kernel.load(ByHand.letter("netlink"), new Parameter.Tid(1)))
          .isInstanceOf(RequestException.class)
          .hasMessage("target netlink takes no thread or process: it takes no parameter");
      assertThatThrownBy(() -> kernel.load(ByHand.letter("task"), new Parameter.MapId(1)))
          .isInstanceOf(RequestException.class)
          .hasMessage("target task takes no map: it takes a thread or process");
    }
  }

  @Test
  void aMapThatIsNeededOrNotThereIsNamed() {
    try (Kernel kernel = open()) {
      ProgramSpec elements = ByHand.letter("bpf_map_elem");
      assertThatThrownBy(() -> kernel.load(elements))
          .isInstanceOf(RequestException.class)
          .hasMessage(
              "cannot attach program by_hand to target bpf_map/elem: it walks the elements of one"
                  + " map: give it (--map ID|NAME|PATH)");
      assertThatThrownBy(() -> kernel.load(elements, new Parameter.MapId(Integer.MAX_VALUE)))
          .isInstanceOf(RequestException.class)
          .hasMessageStartingWith("no map has id 2147483647");
      assertThatThrownBy(() -> kernel.load(elements, new Parameter.MapName("nobody_has_this")))
          .isInstanceOf(RequestException.class)
          .hasMessageStartingWith("no map is named nobody_has_this");
    }
  }

  @Test
  void aPathWithNoMapIsRefused() {
    try (Kernel kernel = open()) {
      assertThatThrownBy(() ->
              kernel.load(
                  ByHand.letter("bpf_map_elem"), new Parameter.MapPath(Path.of("/no/such/map"))))
          .isInstanceOf(RequestException.class)
          .hasMessageContaining("/no/such/map");
    }
  }

  @Test
  void programsOfOtherLicencesGetNothingOut() {
    try (Kernel kernel = open()) {
      for (String licence : List.of("Proprietary", "", "GPL v3")) {
        assertThatThrownBy(() -> kernel.load(ByHand.licensed(ByHand.letter("task"), licence)))
            .isInstanceOf(VerifierException.class)
            .hasMessageStartingWith("the kernel refuses program by_hand")
            .hasMessageContaining("from non-GPL compatible program");
        kernel.load(ByHand.licensed(ByHand.silent("task", 0), licence)).close();
      }
      kernel.load(ByHand.licensed(ByHand.letter("task"), "Dual MIT/GPL")).close();
    }
  }

  @Test
  void dumpsOfOneDumperAreReadByManyThreadsAtOnce() throws Exception {
    int threads = 4;
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.counting("task"), thread());
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Receipt>> receipts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        receipts.add(
            pool.submit(() -> {
              Receipt receipt = null;
              for (int j = 0; j < 10; j++) {
                try (Dump dump = dumper.open()) {
                  assertThat(all(dump)).isEmpty();
                  receipt = dump.receipt();
                }
              }
              return receipt;
            }));
      }
      for (Future<Receipt> receipt : receipts) {
        assertThat(receipt.get().complete()).isTrue();
      }
      assertThat(count(dumper)).isPositive();
    }
  }

  @Test
  void aDumpMayBeReadByAnotherThreadThanOpenedIt() throws Exception {
    try (Kernel kernel = open();
        Dumper dumper = kernel.load(ByHand.letter("task"), thread());
        Dump dump = dumper.open();
        ExecutorService other = Executors.newSingleThreadExecutor()) {
      assertThat(other.submit(() -> all(dump)).get()).hasSize(2);
    }
  }
}
