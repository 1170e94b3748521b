// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kdump-compressed files of all kinds have the pages they were written with, and no other. */
class KdumpFileTest {
  private static final long FRAMES = 40_000;
  private static final int PAGE = PhysicalMemory.PAGE;
  private static SortedMap<Long, byte[]> pages;

  @TempDir private Path directory;

  @BeforeAll
  static void choosePages() throws IOException {
    pages = SamplePages.some(400);
  }

  private static KdumpWriter writer() {
    return new KdumpWriter(pages, FRAMES);
  }

  @ParameterizedTest
  @CsvSource({"0, uncompressed", "1, zlib", "2, lzo", "4, snappy", "32, zstd"})
  void unpacksEveryCompression(int flag, String name) throws IOException {
    try (DumpFile file = Dumps.open(directory, writer().packedBy(flag).write())) {
      Dumps.assertHas(file, pages);
      assertThat(file.format()).isEqualTo("kdump-compressed (" + name + ")");
      assertThat(file.coverage().machine()).isEqualTo(FRAMES);
      assertThat(file.coverage().excluded()).isEqualTo(FRAMES - pages.size());
      assertThat(file.coverage().incomplete()).isFalse();
    }
  }

  @Test
  void tellsWhatItsHeaderSays() throws IOException {
    try (DumpFile file = Dumps.open(directory, writer().write())) {
      KdumpHeader header = file.header().orElseThrow();
      assertThat(header.release()).isEqualTo("6.1.0");
      assertThat(header.node()).isEqualTo("crashme");
      assertThat(header.time()).isEqualTo(Instant.ofEpochSecond(1_700_000_000L));
      assertThat(header.cpus()).isEqualTo(2);
      assertThat(header.dumpLevel()).hasValue(31);
      assertThat(header.physBase()).hasValue(-4096);
      assertThat(file.vmcoreinfo()).hasValue(SamplePages.VMCOREINFO);
      assertThat(file.notes("CORE", DumpFile.NT_PRSTATUS))
          .containsExactly("abcdef".getBytes(StandardCharsets.US_ASCII));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7})
  void readsEveryVersionOfTheHeader(int version) throws IOException {
    try (DumpFile file = Dumps.open(directory, writer().version(version).write())) {
      Dumps.assertHas(file, pages);
      assertThat(file.vmcoreinfo().isPresent()).isEqualTo(version >= 3);
      assertThat(file.notes("CORE", 1)).hasSize(version >= 4 ? 1 : 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {64, 1000, 4096, 16_384})
  void readsFlattenedFilesWhoseChunksComeInAnyOrder(int chunk) throws IOException {
    byte[] plain = writer().packedBy(KdumpMember.ZSTD).write();
    try (DumpFile file = Dumps.open(directory, KdumpWriter.flattened(plain, chunk, chunk))) {
      Dumps.assertHas(file, pages);
      assertThat(file.format()).isEqualTo("kdump-compressed (zstd), flattened");
      assertThat(file.coverage().incomplete()).isFalse();
      assertThat(file.vmcoreinfo()).hasValue(SamplePages.VMCOREINFO);
    }
  }

  @Test
  void knowsThatAFlattenedFileWasCut() throws IOException {
    byte[] flat = KdumpWriter.flattened(writer().write(), 1 << 30, 1);
    try (DumpFile file = Dumps.open(directory, Arrays.copyOf(flat, flat.length * 2 / 3))) {
      assertThat(file.coverage().incomplete()).isTrue();
      assertThat(file.coverage().cut()).isBetween(1L, pages.size() - 1L);
      assertThat(Dumps.page(file, pages.firstKey())).isEqualTo(pages.get(pages.firstKey()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6})
  void readsASplitSetGivenInAnyOrder(int version) throws IOException {
    byte[] one = writer().version(version).member(0, 9_000).write();
    byte[] two = writer().version(version).member(9_000, 20_001).write();
    byte[] three = writer().version(version).member(20_001, FRAMES).write();
    try (DumpFile file = Dumps.open(directory, three, one, two)) {
      Dumps.assertHas(file, pages);
      assertThat(file.format()).isEqualTo("kdump-compressed (zlib), split in 3");
    }
    assertThatThrownBy(() -> Dumps.open(directory, three, one))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("missing, that with frames 9000 to 20000");
    assertThatThrownBy(() -> Dumps.open(directory, two, one))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("frames 20001 to 39999");
    assertThatThrownBy(() -> Dumps.open(directory, two))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("frames 0 to 8999");
    assertThatThrownBy(() -> Dumps.open(directory, one, two, two, three))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("once");
    assertThatThrownBy(() -> Dumps.open(directory, one, writer().write()))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("whole dump");
    byte[] other = new KdumpWriter(pages, FRAMES + 8).member(20_001, FRAMES + 8).write();
    assertThatThrownBy(() -> Dumps.open(directory, one, two, other))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("not of the same");
  }

  @Test
  void hasWhatWasWrittenBeforeTheDiskWasFull() throws IOException {
    SortedMap<Long, byte[]> first = new TreeMap<>();
    pages.entrySet().stream().limit(50).forEach(e -> first.put(e.getKey(), e.getValue()));
    try (DumpFile file = Dumps.open(directory, writer().fullAfter(50).write())) {
      pages
          .keySet()
          .forEach(frame -> assertThat(Dumps.page(file, frame)).isEqualTo(first.get(frame)));
      assertThat(file.coverage().incomplete()).isTrue();
      assertThat(file.coverage().present()).isEqualTo(50);
      assertThat(file.coverage().cut()).isEqualTo(pages.size() - 50L);
    }
  }

  @Test
  void hasWhatIsLeftOfAFileThatWasCut() throws IOException {
    byte[] whole = writer().packedBy(0).write();
    try (DumpFile file = Dumps.open(directory, Arrays.copyOf(whole, whole.length - 10 * PAGE))) {
      assertThat(file.coverage().incomplete()).isTrue();
      assertThat(file.coverage().cut()).isBetween(8L, 12L);
      long found = pages.keySet().stream().filter(f -> file.memory().page(f) != null).count();
      assertThat(found).isEqualTo(file.coverage().present());
    }
  }

  @Test
  void keepsZeroPagesOnceInTheFileAndApartFromAbsentOnes() throws IOException {
    try (DumpFile file = Dumps.open(directory, writer().write())) {
      assertThat(Dumps.page(file, 31_999)).isEqualTo(new byte[PAGE]);
      assertThat(Dumps.page(file, 32_000)).isNull();
      assertThat(Dumps.page(file, 32_001)).isEqualTo(new byte[PAGE]);
    }
  }

  @Test
  void saysWhereAPageIsBroken() throws IOException {
    byte[] bytes = writer().write();
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int descriptors = 2 * PAGE + 2 * 2 * PAGE;
    long data = file.getLong(descriptors);
    Arrays.fill(bytes, (int) data, (int) data + 20, (byte) -1);
    file.putInt(descriptors + KdumpMember.DESCRIPTOR + 8, PAGE + 1);
    try (DumpFile dump = Dumps.open(directory, bytes)) {
      long[] frames = pages.keySet().stream().mapToLong(f -> f).limit(3).toArray();
      assertThatThrownBy(() -> dump.memory().page(frames[0]))
          .isInstanceOfSatisfying(
              MalformedException.class, e -> assertThat(e.offset()).isEqualTo(data))
          .hasMessageContaining("cannot be unpacked");
      assertThatThrownBy(() -> dump.memory().page(frames[1]))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("size");
      assertThat(Dumps.page(dump, frames[2])).isEqualTo(pages.get(frames[2]));
    }
  }

  @Test
  void givesTheSamePagesToManyThreads() throws IOException {
    try (DumpFile file = Dumps.open(directory, writer().packedBy(KdumpMember.ZSTD).write())) {
      IntStream.range(0, 2_000)
          .parallel()
          .forEach(i -> {
            long frame = pages.keySet().stream().skip(i * 7 % pages.size()).findFirst().get();
            assertThat(Dumps.page(file, frame)).isEqualTo(pages.get(frame));
          });
    }
  }

  @Test
  void refusesOtherMachinesByName() {
    byte[] arm = writer().write();
    Arrays.fill(arm, KdumpWriter.MACHINE_AT, KdumpWriter.MACHINE_AT + 8, (byte) 0);
    byte[] name = "aarch64".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(name, 0, arm, KdumpWriter.MACHINE_AT, name.length);
    assertThatThrownBy(() -> Dumps.open(directory, arm))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("aarch64");
    byte[] large = writer().write();
    large[KdumpWriter.PAGE_SIZE_AT + 1] = 0x40;
    assertThatThrownBy(() -> Dumps.open(directory, large))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("16384");
    byte[] big = writer().write();
    big[8] = 0;
    big[11] = 6;
    assertThatThrownBy(() -> Dumps.open(directory, big))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("big-endian");
  }
}
