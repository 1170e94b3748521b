// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.SpoiledDump;
import org.bpfdump.image.memory.Translation;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.KernelModule;
import org.bpfdump.image.snapshot.NoSymbols;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Symbols;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.snapshot.Vmcoreinfo;

/**
 * A kernel whose objects a test lays out, by the types of a real one: for what no image at hand
 * has. All other memory is zero.
 */
public final class SyntheticKernel implements Snapshot {
  private static final long START = 0xFFFF_8880_0000_0000L;
  private static final long PHYSICAL = (1L << 46) - 1;
  private static final ByteBuffer ZERO = PhysicalMemory.wrap(new byte[PhysicalMemory.PAGE]);

  private final Btf btf;
  private final Types types;
  private final Map<Long, ByteBuffer> pages = new HashMap<>();
  private final Map<Root, Long> roots = new EnumMap<>(Root.class);
  private long next = START;

  /** With these types, and a page of zeros at every root. */
  public SyntheticKernel(Btf btf) {
    this.btf = btf;
    types = new Types(btf);
    for (Root root : Root.values()) {
      roots.put(root, bytes(2 * PhysicalMemory.PAGE));
    }
  }

  /** Forgets where a root is. */
  public void withoutRoot(Root root) {
    roots.remove(root);
  }

  /** New memory. */
  public long bytes(int size) {
    long address = next;
    next += (size + 63L) / 64 * 64;
    return address;
  }

  /** A new object. */
  public long make(String struct) {
    return bytes(types.size(struct));
  }

  /** Writes a number. */
  public void put(long address, int size, long value) {
    for (int i = 0; i < size; i++) {
      long at = (address + i) & PHYSICAL;
      pages
          .computeIfAbsent(
              at >>> PhysicalMemory.PAGE_SHIFT,
              _ -> PhysicalMemory.wrap(new byte[PhysicalMemory.PAGE]))
          .put((int) at & (PhysicalMemory.PAGE - 1), (byte) (value >>> (8 * i)));
    }
  }

  /** Writes a pointer. */
  public void put(long address, long value) {
    put(address, Long.BYTES, value);
  }

  /** Writes a member that is no bitfield. */
  public void set(String struct, String member, long object, long value) {
    Field field = types.field(struct, member);
    put(field.at(object), field.size(), value);
  }

  /** A string, with its NUL. */
  public long string(String text) {
    byte[] ascii = text.getBytes(StandardCharsets.US_ASCII);
    long address = bytes(ascii.length + 1);
    for (int i = 0; i < ascii.length; i++) {
      put(address + i, 1, ascii[i]);
    }
    return address;
  }

  /** Where a member of an object is. */
  public long at(String struct, String member, long object) {
    return types.field(struct, member).at(object);
  }

  /** Makes a {@code list_head} of these nodes. */
  public void list(long head, List<Long> nodes) {
    long last = head;
    for (long node : nodes) {
      put(last, node);
      put(node + Long.BYTES, last);
      last = node;
    }
    put(last, head);
    put(head + Long.BYTES, last);
  }

  /** Makes a chain of these nodes, with this as its end. */
  public void chain(long head, long end, List<Long> nodes) {
    long last = head;
    for (long node : nodes) {
      put(last, node);
      put(node + Long.BYTES, last);
      last = node;
    }
    put(last, end);
  }

  @Override
  public VirtualMemory memory() {
    PhysicalMemory memory =
        new PhysicalMemory() {
          @Override
          public ByteBuffer page(long frame) {
            return pages.getOrDefault(frame, ZERO);
          }

          @Override
          public void close() {
            // It has nothing.
          }
        };
    return new VirtualMemory(memory, address -> address & PHYSICAL);
  }

  @Override
  public Btf btf() {
    return btf;
  }

  @Override
  public Types types() {
    return types;
  }

  @Override
  public Symbols symbols() {
    return new NoSymbols();
  }

  @Override
  public long root(Root root) {
    return find(root).orElseThrow(() -> new UnsupportedException("no " + root.symbol()));
  }

  @Override
  public OptionalLong find(Root root) {
    Long address = roots.get(root);
    return address == null ? OptionalLong.empty() : OptionalLong.of(address);
  }

  @Override
  public List<KernelModule> modules() {
    return List.of();
  }

  @Override
  public long perCpuOffset(int cpu) {
    return 0;
  }

  @Override
  public int cpus() {
    return 1;
  }

  @Override
  public Translation space(long mm) {
    return address -> Translation.NONE;
  }

  @Override
  public Vmcoreinfo vmcoreinfo() {
    throw new AssertionError("walks look at memory alone");
  }

  @Override
  public DumpFile file() {
    return SpoiledDump.nothing();
  }

  @Override
  public void close() {
    // It has nothing.
  }
}
