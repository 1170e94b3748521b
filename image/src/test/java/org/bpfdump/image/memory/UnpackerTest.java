// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.v3.zstd.ZstdJavaOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.ImageSource;
import org.bpfdump.image.TestImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Files packed as a whole are unpacked on the way in, whatever they hold. */
class UnpackerTest {
  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  @TempDir private Path directory;

  static byte[] pack(Packing packing, byte[] file) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out =
        switch (packing) {
          case XZ -> new XZOutputStream(packed, new LZMA2Options(1));
          case GZIP -> new GZIPOutputStream(packed);
          case ZSTD -> new ZstdJavaOutputStream(packed);
        }) {
      out.write(file);
    }
    return packed.toByteArray();
  }

  @ParameterizedTest
  @EnumSource
  void unpacksFilesOfEveryFormat(Packing packing) throws IOException {
    SortedMap<Long, byte[]> pages = SamplePages.some(200);
    byte[] kdump = new KdumpWriter(pages, 40_000).packedBy(0).write();
    byte[] flat = KdumpWriter.flattened(kdump, 10_000, 1);
    for (byte[] plain : List.of(ElfWriter.of(pages), kdump, flat)) {
      try (DumpFile file = Dumps.open(directory, pack(packing, plain))) {
        Dumps.assertHas(file, pages);
        assertThat(leftBehind()).isEmpty();
      }
    }
  }

  @Test
  void unpacksTheRealImageAndTellsHowFarItIs() throws IOException {
    Path packed = TestImages.packed("6.1");
    List<Long> heard = new ArrayList<>();
    ImageSource.Progress progress =
        (file, done, total) -> {
          assertThat(file).isEqualTo(packed);
          assertThat(total).isEqualTo(packed.toFile().length());
          heard.add(done);
        };
    try (DumpFile file = DumpFile.open(List.of(packed), progress);
        DumpFile plain =
            DumpFile.open(List.of(TestImages.file("6.1")), ImageSource.Progress.NONE)) {
      assertThat(file.coverage()).isEqualTo(plain.coverage());
      for (long frame = 0; frame < 0x8000; frame += 17) {
        assertThat(Dumps.page(file, frame)).isEqualTo(Dumps.page(plain, frame));
      }
    }
    assertThat(heard).isSorted().endsWith(packed.toFile().length()).hasSizeGreaterThan(1);
  }

  @Test
  void unpacksAMemberOfASplitSet() throws IOException {
    SortedMap<Long, byte[]> pages = SamplePages.some(40);
    byte[] one = new KdumpWriter(pages, 40_000).member(0, 9_000).write();
    byte[] two = new KdumpWriter(pages, 40_000).member(9_000, 40_000).write();
    try (DumpFile file = Dumps.open(directory, pack(Packing.GZIP, two), one)) {
      Dumps.assertHas(file, pages);
    }
  }

  @ParameterizedTest
  @EnumSource
  void saysThatAFileIsBroken(Packing packing) throws IOException {
    byte[] packed = pack(packing, ElfWriter.of(SamplePages.some(100)));
    for (int at : new int[] {12, packed.length / 2, packed.length - 1}) {
      assertThatThrownBy(() -> Dumps.open(directory, Arrays.copyOf(packed, at)))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("packed with " + packing.command())
          .hasMessageContaining("broken");
    }
    byte[] spoiled = packed.clone();
    Arrays.fill(spoiled, packed.length / 2, packed.length / 2 + 8, (byte) 0x5A);
    assertThatThrownBy(() -> Dumps.open(directory, spoiled))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("broken");
    assertThat(leftBehind()).isEmpty();
  }

  @Test
  void refusesAFileThatNeedsTooMuchMemory() throws IOException {
    byte[] xz = pack(Packing.XZ, new byte[100]);
    // The header of the first block: its size, flags, the filter's number and size, the dictionary.
    int header = 12;
    int end = header + (xz[header] + 1) * 4 - 4;
    xz[header + 4] = 34; // 512 MB
    CRC32 crc = new CRC32();
    crc.update(xz, header, end - header);
    ByteBuffer.wrap(xz).order(ByteOrder.LITTLE_ENDIAN).putInt(end, (int) crc.getValue());
    assertThatThrownBy(() -> Dumps.open(directory, xz))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("MB to unpack: do so with xz -d");
    byte[] zstd = {0x28, (byte) 0xB5, 0x2F, (byte) 0xFD, 0, (byte) (18 << 3), 1, 0, 0}; // 256 MB
    assertThatThrownBy(() -> Dumps.open(directory, zstd))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("256 MB to unpack");
  }

  private static List<Path> leftBehind() throws IOException {
    try (Stream<Path> files = Files.list(TEMPORARY)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("bpfdump-"))
          .filter(f -> f.toString().endsWith(".unpacked"))
          .toList();
    }
  }
}
