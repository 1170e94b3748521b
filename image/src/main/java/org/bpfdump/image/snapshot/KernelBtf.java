// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.OptionalLong;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.VirtualMemory;

/** Finds the kernel's BTF in its memory: where symbols say, else by its first bytes. */
final class KernelBtf {
  /** The kernel itself takes no BTF of more; source: BTF_MAX_SIZE, kernel/bpf/btf.c. */
  private static final int MOST = 1 << 28;

  private final VirtualMemory memory;
  private final Symbols symbols;
  private final Architecture.Range image;

  KernelBtf(VirtualMemory memory, Symbols symbols, Architecture.Range image) {
    this.memory = memory;
    this.symbols = symbols;
    this.image = image;
  }

  Btf read() {
    OptionalLong start = symbols.find("__start_BTF");
    OptionalLong stop = symbols.find("__stop_BTF");
    if (start.isPresent() && stop.isPresent()) {
      long size = stop.getAsLong() - start.getAsLong();
      if (size > 0 && size <= MOST) {
        byte[] bytes = new byte[(int) size];
        memory.read(start.getAsLong(), bytes, 0, bytes.length);
        return Btf.parse(bytes);
      }
    }
    throw new UnsupportedException("this image's kernel has no BTF: " + image);
  }
}
