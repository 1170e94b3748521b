// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.bpfdump.error.MalformedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are read as they are, whatever happens to them. */
class FileSourceTest {
  @TempDir private Path directory;

  private Path file(byte[] bytes) throws IOException {
    return Files.write(directory.resolve("file"), bytes);
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void anyRangeIsAsTheFileHasIt() throws IOException {
    long seed = Long.getLong("bpfdump.seed", System.nanoTime());
    System.out.println("reading with -Dbpfdump.seed=" + seed);
    Random random = new Random(seed);
    byte[] bytes = random(random, 1_000_003);
    try (FileSource source = new FileSource(file(bytes))) {
      assertThat(source.size()).isEqualTo(bytes.length);
      for (int i = 0; i < 20_000; i++) {
        int length = random.nextInt(random.nextBoolean() ? 300 : 10_000);
        int from = random.nextInt(bytes.length - length + 1);
        assertThat(source.bytes(from, length).array())
            .as("%s bytes at %s, seed %s", length, from, seed)
            .isEqualTo(Arrays.copyOfRange(bytes, from, from + length));
      }
    }
  }

  /** Where a mapped file would end the JVM, or nearly so. */
  @Test
  void aFileThatGetsShorterIsAnError() throws IOException {
    Path path = file(random(new Random(1), 100_000));
    try (FileSource source = new FileSource(path)) {
      source.bytes(50_000, 1000);
      try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
        file.setLength(60_000);
      }
      source.bytes(50_000, 1000);
      for (int length : new int[] {1, 8000}) {
        assertThatThrownBy(() -> source.bytes(70_000, length))
            .isInstanceOf(MalformedException.class)
            .hasMessageContaining("cannot be read: it is shorter than it was")
            .hasMessageContaining(path.toString());
      }
    }
  }

  /** Other threads go on reading what one thread was interrupted at. */
  @Test
  void anInterruptClosesNothing() throws IOException {
    try (FileSource source = new FileSource(file(random(new Random(2), 10_000)))) {
      Thread.currentThread().interrupt();
      source.bytes(0, 5000);
      assertThat(Thread.interrupted()).isTrue();
      source.bytes(5000, 5000);
    }
  }
}
