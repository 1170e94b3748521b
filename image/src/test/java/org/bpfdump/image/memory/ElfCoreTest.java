// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.ImageSource;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Snapshots;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** ELF cores of all writers, and what is no core that can be read. */
class ElfCoreTest {
  private static final int PAGE = PhysicalMemory.PAGE;

  @TempDir private Path directory;

  @Test
  void hasTheRealImage() throws IOException {
    try (DumpFile file =
        DumpFile.open(List.of(TestImages.file("6.1")), ImageSource.Progress.NONE)) {
      assertThat(file.format()).isEqualTo("ELF core");
      assertThat(file.architecture()).isEqualTo("x86-64");
      assertThat(new String(file.vmcoreinfo().orElseThrow(), StandardCharsets.US_ASCII))
          .startsWith("OSRELEASE=6.1.0-56-cloud-amd64\n");
      assertThat(file.segments()).hasSize(18);
      assertThat(file.segments().getFirst())
          .isEqualTo(new Segment(0xffffffff96001000L, 0x5601000, 0x1000, 0x1000));
      // Its memory is in the file twice by the kernel's own map: counted once.
      assertThat(file.coverage()).isEqualTo(new Coverage(11024, 11024, 0, 0xfffe2, false));
      assertThat(file.header()).isEmpty();
      assertThat(file.memory().page(0x5601)).isNotNull();
      assertThat(file.memory().page(0x5602)).isNull();
    }
  }

  @Test
  void hasWhatQemuWritesWithItsOddHeaders() throws IOException {
    SortedMap<Long, byte[]> pages = SamplePages.some(40);
    ElfWriter writer = new ElfWriter();
    pages.forEach((frame, bytes) -> writer.load(frame * PAGE, bytes, PAGE));
    try (DumpFile file = Dumps.open(directory, writer.writeLikeQemu())) {
      Dumps.assertHas(file, pages);
      assertThat(file.vmcoreinfo()).hasValue(SamplePages.VMCOREINFO);
    }
  }

  @Test
  void hasMoreSegmentsThanTheHeaderCanCount() throws IOException {
    SortedMap<Long, byte[]> pages = SamplePages.some(40);
    ElfWriter writer = new ElfWriter();
    pages.forEach((frame, bytes) -> writer.load(frame * PAGE, bytes, PAGE));
    byte[] some = {1, 2, 3};
    for (int i = 0; i < 70_000; i++) {
      writer.load(0x1_0000_0000L + i * 0x2000L, some, some.length);
    }
    try (DumpFile file = Dumps.open(directory, writer.writeManyHeaders())) {
      assertThat(file.segments()).hasSize(pages.size() + 70_000);
      pages.forEach((frame, bytes) -> assertThat(Dumps.page(file, frame)).isEqualTo(bytes));
    }
  }

  @Test
  void putsPagesTogetherFromSegmentsThatShareThem() throws IOException {
    byte[] bytes = new byte[4 * PAGE];
    new Random(1).nextBytes(bytes);
    byte[] file =
        new ElfWriter()
            .load(PAGE + 100, Arrays.copyOfRange(bytes, PAGE + 100, PAGE + 200), 100)
            .load(PAGE + 150, Arrays.copyOfRange(bytes, PAGE + 150, 3 * PAGE), 2 * PAGE - 150)
            .load(0, Arrays.copyOf(bytes, PAGE + 100), PAGE + 100)
            .load(3 * PAGE, Arrays.copyOfRange(bytes, 3 * PAGE, 3 * PAGE + 7), 7)
            .write();
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      pages.put((long) i, Arrays.copyOfRange(bytes, i * PAGE, (i + 1) * PAGE));
    }
    try (DumpFile dump = Dumps.open(directory, file)) {
      // The fourth is there in part only: a kernel does not use such pages.
      Dumps.assertHas(dump, pages);
    }
  }

  @Test
  void tellsExcludedPagesFromZeros() throws IOException {
    byte[] file = new ElfWriter().load(8 * PAGE, new byte[2 * PAGE], 300 * PAGE).write();
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    pages.put(8L, new byte[PAGE]);
    pages.put(9L, new byte[PAGE]);
    try (DumpFile dump = Dumps.open(directory, file)) {
      Dumps.assertHas(dump, pages);
      assertThat(dump.coverage().machine()).isEqualTo(300);
      assertThat(dump.coverage().excluded()).isEqualTo(298);
      assertThat(dump.coverage().incomplete()).isFalse();
    }
  }

  @Test
  void whatHasNoPagesIsNotLookedThrough() throws IOException {
    long far = 1L << 50;
    byte[] bytes = new byte[3 * PAGE];
    byte[] file =
        new ElfWriter().load(5 * PAGE, bytes, 3 * PAGE).load(far + 8, bytes, 3 * PAGE).write();
    try (DumpFile dump = Dumps.open(directory, file)) {
      PhysicalMemory memory = dump.memory();
      assertThat(memory.next(0)).isEqualTo(5);
      assertThat(memory.next(6)).isEqualTo(6);
      assertThat(memory.next(8)).isEqualTo(far / PAGE);
      assertThat(memory.next(far / PAGE)).isEqualTo(far / PAGE);
      assertThat(memory.next(far / PAGE + 4)).isEqualTo(Long.MAX_VALUE);
      assertThat(memory.next(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
    }
    ByteBuffer.wrap(file).putInt(64, 0); // no notes
    Path path = Files.write(directory.resolve("far"), file);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatThrownBy(() -> Snapshots.open(path))
                .isInstanceOf(UnsupportedException.class)
                .hasMessageContaining("no VMCOREINFO"));
  }

  @Test
  void segmentsThatHaveTheSameBytesAreNoMoreMemory() throws IOException {
    byte[] file =
        new ElfWriter()
            .load(0, new byte[4 * PAGE], 4 * PAGE)
            .load(8 * PAGE, new byte[0], 1)
            .write();
    ByteBuffer headers = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int first = 64 + 56;
    int second = first + 56;
    for (int field : new int[] {8, 32, 40}) {
      headers.putLong(second + field, headers.getLong(first + field));
    }
    try (DumpFile dump = Dumps.open(directory, file)) {
      assertThat(dump.memory().page(8)).isNotNull();
      assertThat(dump.coverage().present()).isEqualTo(file.length / PAGE).isLessThan(8);
    }
  }

  @Test
  void hasWhatIsLeftOfAFileThatWasCut() throws IOException {
    byte[] file = new ElfWriter().load(0, new byte[10 * PAGE], 10 * PAGE).write();
    try (DumpFile dump = Dumps.open(directory, Arrays.copyOf(file, file.length - 3 * PAGE + 1))) {
      assertThat(dump.coverage()).isEqualTo(new Coverage(10, 7, 3, 7, true));
      assertThat(dump.memory().page(6)).isNotNull();
      assertThat(dump.memory().page(7)).isNull();
    }
  }

  @Test
  void knowsThatMakedumpfileHadNoRoom() throws IOException {
    byte[] file = new ElfWriter().load(0, new byte[PAGE], PAGE).write();
    file[ElfWriter.FLAGS_AT] = 1;
    try (DumpFile dump = Dumps.open(directory, file)) {
      assertThat(dump.coverage().incomplete()).isTrue();
    }
  }

  @Test
  void opensASparseImageOf64GigabytesWithoutReadingIt() throws IOException {
    long size = 64L << 30;
    byte[] file = new ElfWriter().load(0, new byte[0], size).write();
    int data = file.length;
    ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putLong(64 + 56 + 32, size);
    Path path = directory.resolve("sparse");
    try (FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.SPARSE)) {
      channel.write(ByteBuffer.wrap(file), 0);
      channel.write(ByteBuffer.wrap(new byte[] {42}), data + size - 1);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    try (DumpFile dump = DumpFile.open(List.of(path), ImageSource.Progress.NONE)) {
      assertThat(dump.coverage().present()).isEqualTo(size / PAGE);
      assertThat(Dumps.page(dump, size / PAGE - 1)).endsWith(42);
      assertThat(dump.memory().page(size / PAGE)).isNull();
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(32 << 20);
  }

  @Test
  void refusesOtherMachinesByName() {
    byte[] file = new ElfWriter().load(0, new byte[PAGE], PAGE).write();
    file[ElfWriter.MACHINE_AT] = (byte) 183;
    assertThatThrownBy(() -> Dumps.open(directory, file))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("arm64");
    file[5] = 2;
    file[ElfWriter.MACHINE_AT] = 0;
    file[ElfWriter.MACHINE_AT + 1] = 22;
    assertThatThrownBy(() -> Dumps.open(directory, file))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("big-endian")
        .hasMessageContaining("s390");
  }

  @Test
  void refusesWhatIsNoCore() throws IOException {
    byte[] file = new ElfWriter().load(0, new byte[PAGE], PAGE).write();
    byte[] narrow = file.clone();
    narrow[4] = 1;
    assertThatThrownBy(() -> Dumps.open(directory, narrow))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("32-bit");
    byte[] program = file.clone();
    program[16] = 2;
    assertThatThrownBy(() -> Dumps.open(directory, program))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("no core");
    assertThatThrownBy(() -> Dumps.open(directory, new ElfWriter().write()))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("without memory");
    assertThatThrownBy(() -> Dumps.open(directory, Arrays.copyOf(file, 100)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("cut short");
    assertThatThrownBy(() -> Dumps.open(directory, "no dump".getBytes(StandardCharsets.US_ASCII)))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("kdump-compressed");
    assertThatThrownBy(() -> Dumps.open(directory, new byte[0]))
        .isInstanceOf(UnsupportedException.class);
    assertThatThrownBy(() -> Dumps.open(directory, file, file))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("cannot be split");
  }
}
