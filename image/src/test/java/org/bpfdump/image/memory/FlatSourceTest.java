// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.ImageSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flattened files read as the files that they would be rearranged to. */
class FlatSourceTest {
  @TempDir private Path directory;

  @Test
  void laterChunksReplaceEarlierOnes() throws IOException {
    long seed = Long.getLong("bpfdump.seed", System.nanoTime());
    System.out.println("flattening with -Dbpfdump.seed=" + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      byte[] plain = new byte[3000];
      ByteBuffer flat = start();
      int end = 0;
      for (int chunks = random.nextInt(30); chunks > 0; chunks--) {
        int at = random.nextInt(2000);
        byte[] bytes = new byte[random.nextInt(chunks % 2 == 0 ? 1000 : 60)];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, plain, at, bytes.length);
        flat.putLong(at).putLong(bytes.length).put(bytes);
        end = bytes.length == 0 ? end : Math.max(end, at + bytes.length);
      }
      flat.putLong(-1).putLong(-1);
      try (FlatSource source = open(flat)) {
        assertThat(source.size()).as("seed %d", seed).isEqualTo(end);
        assertThat(source.cut()).isFalse();
        for (int i = 0; i < 30; i++) {
          int from = random.nextInt(end + 1);
          int length = random.nextInt(end - from + 1);
          assertThat(source.bytes(from, length).array())
              .as("seed %d", seed)
              .isEqualTo(Arrays.copyOfRange(plain, from, from + length));
        }
      }
    }
  }

  @Test
  void endsWhereItWasCut() throws IOException {
    ByteBuffer flat = start().putLong(0).putLong(100).put(new byte[60]);
    try (FlatSource source = open(flat)) {
      assertThat(source.size()).isEqualTo(60);
      assertThat(source.cut()).isTrue();
    }
  }

  @Test
  void refusesPlacesThatCannotBe() {
    assertThatThrownBy(() -> open(start().putLong(-5).putLong(100)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("at byte 4096");
    assertThatThrownBy(() -> open(start().putLong(1).putLong(Long.MAX_VALUE)))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> open(start().putLong(24, 2)))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("makedumpfile -R");
  }

  private static ByteBuffer start() {
    ByteBuffer flat = ByteBuffer.allocate(64 << 10);
    flat.put("makedumpfile".getBytes(StandardCharsets.US_ASCII)).putLong(16, 1).putLong(24, 1);
    return flat.position(4096);
  }

  private FlatSource open(ByteBuffer flat) throws IOException {
    byte[] bytes = new byte[flat.flip().remaining()];
    flat.get(bytes);
    Path path = Files.write(directory.resolve("flat"), bytes);
    return FlatSource.open(Unpacker.open(path, ImageSource.Progress.NONE));
  }
}
