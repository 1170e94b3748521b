// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.airlift.compress.v3.Compressor;
import io.airlift.compress.v3.lzo.LzoCompressor;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.ZipException;
import org.bpfdump.image.ImageSource;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.memory.DumpFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What other implementations have packed is unpacked to what it was. */
class CodecTest {
  private static final Path HOME = TestImages.packed("6.1").getParent();
  private static final int PAGE = 4096;

  private final Zstd zstd = new Zstd();

  @Test
  void unpacksWhatMakedumpfileWrote() throws IOException, DataFormatException {
    ByteBuffer packed = ByteBuffer.wrap(Files.readAllBytes(HOME.resolve("packed-pages.bin")));
    packed.order(ByteOrder.LITTLE_ENDIAN);
    int[] seen = new int[33];
    try (DumpFile image =
        DumpFile.open(List.of(TestImages.file("6.1")), ImageSource.Progress.NONE)) {
      while (packed.hasRemaining()) {
        int flag = packed.getInt();
        long frame = packed.getInt();
        byte[] in = new byte[packed.getInt()];
        packed.get(in);
        if (flag == 1) {
          continue; // zlib is the JDK's
        }
        byte[] out = new byte[PAGE];
        assertThat(decode(flag, in, out)).isEqualTo(PAGE);
        assertThat(ByteBuffer.wrap(out)).isEqualTo(image.memory().page(frame));
        seen[flag]++;
      }
    }
    assertThat(new int[] {seen[2], seen[4], seen[32]}).containsExactly(40, 40, 40);
  }

  private int decode(int flag, byte[] in, byte[] out) throws DataFormatException {
    return switch (flag) {
      case 2 -> Lzo.decode(in, in.length, out);
      case 4 -> Snappy.decode(in, in.length, out);
      case 32 -> zstd.decode(in, in.length, out);
      default -> throw new AssertionError("flag " + flag);
    };
  }

  @Test
  void unpacksWhatAnotherLibraryPacksOfEverySort() throws DataFormatException {
    long seed = Long.getLong("bpfdump.seed", System.nanoTime());
    System.out.println("packing with -Dbpfdump.seed=" + seed);
    Random random = new Random(seed);
    for (int i = 0; i < 600; i++) {
      byte[] plain = sort(random, 1 + random.nextInt(i % 10 == 0 ? 200_000 : 5_000));
      for (int flag : new int[] {2, 4, 32}) {
        byte[] in = pack(flag, plain);
        byte[] out = new byte[plain.length];
        assertThat(decode(flag, in, out)).as("flag %d, seed %d", flag, seed).isEqualTo(out.length);
        assertThat(out).as("flag %d, seed %d", flag, seed).isEqualTo(plain);
        if (plain.length > 1) {
          assertThatThrownBy(() -> decode(flag, in, new byte[plain.length - 1]))
              .isInstanceOf(DataFormatException.class);
        }
      }
    }
  }

  /** Bytes with few or many values, and few or many repetitions. */
  private static byte[] sort(Random random, int length) {
    byte[] bytes = new byte[length];
    int values = 1 + random.nextInt(random.nextBoolean() ? 4 : 256);
    int repeat = random.nextInt(100);
    for (int i = 0; i < length; ) {
      if (i > 0 && random.nextInt(100) < repeat) {
        int from = random.nextInt(i);
        for (int n = Math.min(length - i, random.nextInt(300)); n > 0; n--) {
          bytes[i++] = bytes[from++];
        }
      } else {
        bytes[i++] = (byte) (random.nextInt(values) * random.nextInt(values));
      }
    }
    return bytes;
  }

  private static byte[] pack(int flag, byte[] plain) {
    Compressor compressor =
        switch (flag) {
          case 2 -> new LzoCompressor();
          case 4 -> new SnappyJavaCompressor();
          default -> new ZstdJavaCompressor();
        };
    byte[] packed = new byte[compressor.maxCompressedLength(plain.length)];
    int length = compressor.compress(plain, 0, plain.length, packed, 0, packed.length);
    return Arrays.copyOf(packed, length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"truth-1.zst", "truth-22.zst"})
  void unpacksWhatTheZstdCommandWrote(String name) throws IOException {
    byte[] packed = Files.readAllBytes(HOME.resolve(name));
    byte[] plain = Files.readAllBytes(HOME.resolve("ground-truth.txt"));
    assertThat(unpack(new ByteArrayInputStream(packed))).isEqualTo(plain);
  }

  @Test
  void unpacksSeveralFramesAndLeavesOutThoseThatAreNoData() throws IOException {
    byte[] packed = Files.readAllBytes(HOME.resolve("truth-22.zst"));
    byte[] plain = Files.readAllBytes(HOME.resolve("ground-truth.txt"));
    byte[] skipped = {0x53, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3};
    InputStream in =
        new SequenceInputStream(
            Collections.enumeration(
                List.of(
                    new ByteArrayInputStream(skipped),
                    new ByteArrayInputStream(packed),
                    new ByteArrayInputStream(skipped),
                    new ByteArrayInputStream(packed))));
    byte[] unpacked = unpack(in);
    assertThat(unpacked).hasSize(2 * plain.length).startsWith(plain).endsWith(plain);
  }

  @Test
  void unpacksFilesThatAreLargerThanTheWindow() throws IOException {
    byte[] plain = sort(new Random(7), 1 << 20);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new ZstdJavaOutputStream(packed)) {
      for (int i = 0; i < 20; i++) {
        out.write(plain);
      }
    }
    InputStream in = new ZstdInputStream(new ByteArrayInputStream(packed.toByteArray()));
    for (int i = 0; i < 20; i++) {
      assertThat(in.readNBytes(plain.length)).isEqualTo(plain);
    }
    assertThat(in.read()).isEqualTo(-1);
  }

  @Test
  void knowsBrokenDataByItsChecksum() throws IOException {
    byte[] packed = Files.readAllBytes(HOME.resolve("truth-22.zst"));
    packed[packed.length - 1] ^= 1;
    assertThatThrownBy(() -> unpack(new ByteArrayInputStream(packed)))
        .isInstanceOf(ZipException.class)
        .hasMessageContaining("checksum");
  }

  private static byte[] unpack(InputStream packed) throws IOException {
    try (InputStream in = new ZstdInputStream(packed)) {
      return in.readAllBytes();
    }
  }
}
