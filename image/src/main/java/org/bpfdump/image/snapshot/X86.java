// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.OptionalLong;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.Segment;
import org.bpfdump.image.memory.Translation;
import org.bpfdump.image.memory.X86PageTables;

/** 64-bit machines of Intel and AMD. Source: arch/x86/include/asm/page_64_types.h. */
final class X86 implements Architecture {
  /** Where the kernel's own image is mapped: {@code __START_KERNEL_map}. */
  private static final long MAP = 0xFFFF_FFFF_8000_0000L;

  /** Bytes of that map at most. */
  private static final long MAP_SIZE = 1L << 30;

  private final PhysicalMemory memory;
  private final boolean fiveLevels;
  private final long encryption;
  private final Translation kernel;

  X86(DumpFile file, Vmcoreinfo info) {
    this.memory = file.memory();
    this.fiveLevels = info.number("pgtable_l5_enabled").orElse(0) != 0;
    this.encryption = info.number("sme_mask").orElse(0);
    long tables =
        info.symbol("swapper_pg_dir")
            .orElseThrow(() ->
                new UnsupportedException(
                    "this image does not say where its kernel's page tables are: its VMCOREINFO has no SYMBOL(swapper_pg_dir)"));
    long root = tables - MAP + base(file, info);
    this.kernel = new X86PageTables(memory, root, fiveLevels, encryption);
    long itself = kernel.physical(tables);
    if (itself != root) {
      throw new UnsupportedException(
          "the kernel's page tables are not in this image, or broken: nothing of it can be read");
    }
  }

  /** How far the kernel's image is in physical memory from where it was linked to be. */
  private static long base(DumpFile file, Vmcoreinfo info) {
    OptionalLong told = info.number("phys_base");
    if (told.isPresent()) {
      return told.getAsLong();
    }
    for (Segment segment : file.segments()) {
      if (segment.virtual() >= MAP && segment.virtual() < 0) {
        return segment.physical() - (segment.virtual() - MAP);
      }
    }
    throw new UnsupportedException(
        "this image does not say where its kernel is: its VMCOREINFO has no NUMBER(phys_base)");
  }

  @Override
  public Translation kernel() {
    return kernel;
  }

  @Override
  public Translation process(long root) {
    return new X86PageTables(memory, root, fiveLevels, encryption);
  }

  @Override
  public Range image() {
    return new Range(MAP, MAP_SIZE);
  }
}
