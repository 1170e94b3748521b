// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinTask;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.VirtualMemory;

/**
 * Finds the kernel's BTF in its memory: where symbols say, else by its first bytes in the addresses
 * of the kernel's own image. (Physical memory has other copies, of the file that was booted say,
 * with holes in them.)
 */
final class KernelBtf {
  /** The kernel itself takes 16 MiB at most; source: BTF_MAX_SIZE, kernel/bpf/btf.c. */
  private static final int MOST = 1 << 26;

  /** Less than any kernel's, more than a module's or a program's mostly is. */
  private static final int LEAST = 1 << 16;

  /** How BTF begins: its magic, version 1, no flags. */
  private static final long MAGIC = 0x0001_EB9FL;

  private static final int HEADER = 24;

  private final VirtualMemory memory;
  private final Symbols symbols;
  private final Architecture.Range image;

  KernelBtf(VirtualMemory memory, Symbols symbols, Architecture.Range image) {
    this.memory = memory;
    this.symbols = symbols;
    this.image = image;
  }

  /**
   * Reads it.
   *
   * @throws UnsupportedException when it is not there, or not all of it
   */
  Btf read() {
    OptionalLong start = symbols.find("__start_BTF");
    OptionalLong stop = symbols.find("__stop_BTF");
    if (start.isPresent() && stop.isPresent()) {
      long size = stop.getAsLong() - start.getAsLong();
      if (size <= 0 || size > MOST) {
        throw new UnsupportedException(
            "this image's kernel has no BTF: it was built without CONFIG_DEBUG_INFO_BTF");
      }
      try {
        return read(start.getAsLong(), (int) size);
      } catch (MemoryFaultException e) {
        throw new UnsupportedException(
            "the BTF of this image's kernel is not in the file: "
                + e.getMessage()
                + "; dump it again with less left out");
      }
    }
    return search()
        .orElseThrow(() ->
            new UnsupportedException(
                "no BTF was found in this image: its kernel was built without"
                    + " CONFIG_DEBUG_INFO_BTF, or the file has not all of it"));
  }

  private Btf read(long address, int size) {
    byte[] bytes = new byte[size];
    // Unpacking its pages is most of what opening an image takes, so that two threads share it.
    int half = size / 2;
    VirtualMemory others = memory.in(memory.translation());
    ForkJoinTask<?> upper =
        ForkJoinPool.commonPool()
            .submit(() -> others.read(address + half, bytes, half, size - half));
    try {
      memory.read(address, bytes, 0, half);
    } finally {
      upper.quietlyJoin();
    }
    upper.join();
    return Btf.parse(bytes);
  }

  private Optional<Btf> search() {
    byte[] page = new byte[PhysicalMemory.PAGE];
    for (long at = 0; at < image.length(); at += page.length) {
      if (memory.copy(image.start() + at, page, 0, page.length) < page.length) {
        continue;
      }
      for (int offset = 0; offset < page.length; offset += 4) {
        if (page[offset] == (byte) MAGIC && page[offset + 1] == (byte) (MAGIC >> 8)) {
          Optional<Btf> found = candidate(image.start() + at + offset);
          if (found.isPresent()) {
            return found;
          }
        }
      }
    }
    return Optional.empty();
  }

  /** The kernel's BTF if it is at this address. */
  private Optional<Btf> candidate(long address) {
    if (memory.loadOrZero(address, 4) != MAGIC) {
      return Optional.empty();
    }
    long header = memory.loadOrZero(address + 4, 4);
    long strings = memory.loadOrZero(address + 16, 4);
    long size = header + strings + memory.loadOrZero(address + 20, 4);
    long types = header + memory.loadOrZero(address + 8, 4) + memory.loadOrZero(address + 12, 4);
    size = Math.max(size, types);
    if (header < HEADER || size < LEAST || size > MOST) {
      return Optional.empty();
    }
    try {
      Btf btf = read(address, (int) size);
      return btf.findId("task_struct", BtfType.Struct.class) == 0
          ? Optional.empty()
          : Optional.of(btf);
    } catch (MemoryFaultException | MalformedException e) {
      return Optional.empty();
    }
  }
}
