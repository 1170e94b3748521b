// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.bpfdump.asm.Code;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.VirtualMemory;

/** Machines over a kernel that has a few pages of memory and nothing else. */
final class Machines {
  /** Where the kernel has memory: page {@code n} is full of bytes {@code n + 1}. */
  static final long KERNEL = 0xFFFF_8880_0000_0000L;

  static final int PAGES = 2;

  private Machines() {}

  static Processor of(long limit) {
    return new Processor(null, kernel(), new Regions(), new Output(), null, limit);
  }

  static Processor of() {
    return of(Processor.BUDGET);
  }

  static Program program(Code code) {
    return program(code, Map.of());
  }

  static Program program(Code code, Map<Integer, Helper> calls) {
    return new Program("test", code, new TreeMap<>(calls));
  }

  private static VirtualMemory kernel() {
    byte[][] pages = new byte[PAGES][PhysicalMemory.PAGE];
    for (int i = 0; i < PAGES; i++) {
      Arrays.fill(pages[i], (byte) (i + 1));
    }
    PhysicalMemory physical =
        new PhysicalMemory() {
          @Override
          public ByteBuffer page(long frame) {
            return frame < 0 || frame >= PAGES ? null : PhysicalMemory.wrap(pages[(int) frame]);
          }

          @Override
          public void close() {}
        };
    return new VirtualMemory(physical, address -> address < KERNEL ? -1 : address - KERNEL);
  }

  /** Keeps 64 KiB. */
  static final class Output implements SeqBuffer {
    private static final int MOST = 1 << 16;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean overflowed;

    @Override
    public boolean write(byte[] from, int offset, int length) {
      if (bytes.size() + length >= MOST) {
        overflowed = true;
        return false;
      }
      bytes.write(from, offset, length);
      return true;
    }

    @Override
    public boolean overflowed() {
      return overflowed;
    }

    byte[] bytes() {
      return bytes.toByteArray();
    }
  }
}
