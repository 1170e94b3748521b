// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.bpfdump.btf.Btf;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.Translation;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.memory.X86PageTables;
import org.bpfdump.image.snapshot.KernelModule;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Symbols;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.snapshot.Vmcoreinfo;

/**
 * A kernel of an image, whose data can be spoiled page by page and made sound again. Page tables,
 * types and symbols stay sound.
 */
public final class SpoiledKernel implements Snapshot {
  /** Where the kernel's own image is mapped: {@code __START_KERNEL_map}. */
  private static final long MAP = 0xFFFF_FFFF_8000_0000L;

  private static final int LARGE = 1 << 20;
  private static final int[] EDGES = {
    0, 1, 7, 8, 63, 65, 0xFFF, 0x10000, 1 << 24, 1 << 26, 1 << 30, 1 << 31, Integer.MAX_VALUE, -1
  };
  private static final int SLOTS = PhysicalMemory.PAGE / Long.BYTES;

  /** More of them than anybody would spoil at once. */
  private static final int TRIES = 200;

  private final Snapshot sound;
  private final Translation translation;
  private final Map<Long, ByteBuffer> spoiled = new HashMap<>();
  private final TreeSet<Long> touched = new TreeSet<>();

  /** This kernel, which stays the caller's. */
  public SpoiledKernel(Snapshot sound) {
    this.sound = sound;
    Vmcoreinfo info = sound.vmcoreinfo();
    long root =
        info.symbol("swapper_pg_dir").orElseThrow() - MAP + info.number("phys_base").orElseThrow();
    boolean fiveLevels = info.number("pgtable_l5_enabled").orElse(0) != 0;
    translation = new X86PageTables(sound.file().memory(), root, fiveLevels, 0);
  }

  /** Forgets what was read and makes all sound. */
  public void reset() {
    touched.clear();
    spoiled.clear();
  }

  /** Makes all sound. */
  public void repair() {
    spoiled.clear();
  }

  /** The pages that have been read since the reset. */
  public List<Long> touched() {
    return List.copyOf(touched);
  }

  /**
   * Replaces what looks like a pointer in one of these pages by another one from there, or by what
   * is none.
   */
  public void spoil(List<Long> pages, RandomGenerator random) {
    ByteBuffer page = own(pages.get(random.nextInt(pages.size())));
    for (int tries = 0; tries < TRIES; tries++) {
      int at = Long.BYTES * random.nextInt(SLOTS);
      long old = page.getLong(at);
      if (looksLikePointer(old)) {
        page.putLong(at, replacement(old, pages, random));
        return;
      }
    }
    page.putLong(Long.BYTES * random.nextInt(SLOTS), random.nextLong());
  }

  /** Replaces a number of four bytes in one of these pages by one at which sizes go wrong. */
  public void spoilNumber(List<Long> pages, RandomGenerator random) {
    ByteBuffer page = own(pages.get(random.nextInt(pages.size())));
    int at = 0;
    for (int tries = 0; tries < TRIES; tries++) {
      at = Integer.BYTES * random.nextInt(2 * SLOTS);
      int old = page.getInt(at);
      if (old > 0 && old < LARGE) {
        break;
      }
    }
    page.putInt(at, EDGES[random.nextInt(EDGES.length)]);
  }

  private long replacement(long old, List<Long> pages, RandomGenerator random) {
    return switch (random.nextInt(8)) {
      case 0 -> 0;
      case 1 -> old ^ 1L << random.nextInt(Long.SIZE);
      case 2 -> old + Long.BYTES * (random.nextInt(17) - 8L);
      case 3 -> random.nextLong();
      default -> {
        long other = old;
        for (int tries = 0; tries < TRIES; tries++) {
          ByteBuffer page = page(pages.get(random.nextInt(pages.size())));
          long found = page.getLong(Long.BYTES * random.nextInt(SLOTS));
          if (looksLikePointer(found)) {
            other = found;
            break;
          }
        }
        yield other;
      }
    };
  }

  private static boolean looksLikePointer(long value) {
    return value >>> 47 == 0x1FFFF && value != -1;
  }

  private ByteBuffer own(long frame) {
    return spoiled.computeIfAbsent(frame, f -> copy(page(f)));
  }

  private static ByteBuffer copy(ByteBuffer page) {
    byte[] bytes = new byte[PhysicalMemory.PAGE];
    page.get(0, bytes);
    return PhysicalMemory.wrap(bytes);
  }

  private ByteBuffer page(long frame) {
    ByteBuffer page = spoiled.get(frame);
    return page != null ? page : sound.file().memory().page(frame);
  }

  @Override
  public VirtualMemory memory() {
    PhysicalMemory memory =
        new PhysicalMemory() {
          @Override
          public ByteBuffer page(long frame) {
            ByteBuffer page = SpoiledKernel.this.page(frame);
            if (page != null) {
              touched.add(frame);
            }
            return page;
          }

          @Override
          public void close() {
            // The sound one's owner does.
          }
        };
    return new VirtualMemory(memory, translation);
  }

  @Override
  public Btf btf() {
    return sound.btf();
  }

  @Override
  public Types types() {
    return sound.types();
  }

  @Override
  public Symbols symbols() {
    return sound.symbols();
  }

  @Override
  public long root(Root root) {
    return sound.root(root);
  }

  @Override
  public OptionalLong find(Root root) {
    return sound.find(root);
  }

  @Override
  public List<KernelModule> modules() {
    return sound.modules();
  }

  @Override
  public long perCpuOffset(int cpu) {
    return sound.perCpuOffset(cpu);
  }

  @Override
  public int cpus() {
    return sound.cpus();
  }

  @Override
  public Translation space(long mm) {
    return sound.space(mm);
  }

  @Override
  public Vmcoreinfo vmcoreinfo() {
    return sound.vmcoreinfo();
  }

  @Override
  public DumpFile file() {
    return sound.file();
  }

  @Override
  public void close() {
    // The sound one's owner does.
  }
}
