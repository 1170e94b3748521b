// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.bpfdump.image.ImageSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The number of set bits before any one is that which counting gives. */
class PageBitmapTest {
  @TempDir private Path directory;

  @Test
  void countsAsABitSetDoes() throws IOException {
    long seed = Long.getLong("bpfdump.seed", System.nanoTime());
    System.out.println("setting bits with -Dbpfdump.seed=" + seed);
    Random random = new Random(seed);
    for (int frames : new int[] {0, 1, 7, 8, 63, 64, 65, 4095, 4096, 4097, 20_003}) {
      BitSet bits = new BitSet();
      for (int i = random.nextInt(frames + 1); i > 0; i--) {
        bits.set(random.nextInt(frames));
      }
      byte[] file = Arrays.copyOf(new byte[5], 5 + (frames + 7) / 8);
      byte[] set = bits.toByteArray();
      System.arraycopy(set, 0, file, 5, set.length);
      if (frames % 8 != 0) {
        file[file.length - 1] |= (byte) 0x80; // of no frame: does not count
      }
      Path path = Files.write(directory.resolve("bits"), file);
      try (Source source = Unpacker.open(path, ImageSource.Progress.NONE)) {
        PageBitmap bitmap = new PageBitmap(source, 5, frames);
        assertThat(bitmap.count()).as("seed %d", seed).isEqualTo(bits.cardinality());
        assertThat(bitmap.end()).isEqualTo(bits.length());
        int before = 0;
        for (int i = 0; i < frames; i++) {
          assertThat(bitmap.rank(i)).as("seed %d", seed).isEqualTo(bits.get(i) ? before : -1);
          assertThat(bitmap.before(i)).isEqualTo(before);
          before += bits.get(i) ? 1 : 0;
        }
        int at = -1;
        for (int bit = bits.nextSetBit(0); bit >= 0; bit = bits.nextSetBit(bit + 1)) {
          // Whoever goes from one to the next passes by none that is set.
          while (at < bit) {
            at = (int) bitmap.next(at + 1);
          }
          assertThat(at).as("seed %d", seed).isEqualTo(bit);
        }
        assertThat(bitmap.rank(frames)).isEqualTo(-1);
        assertThat(bitmap.before(frames)).isEqualTo(before);
      }
    }
  }
}
