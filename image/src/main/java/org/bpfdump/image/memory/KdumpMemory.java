// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.zip.DataFormatException;
import org.bpfdump.error.MalformedException;

/**
 * The pages of a kdump-compressed file or a split set, unpacked when asked for. The last ones are
 * kept. A page that was left out, or lost because the disk was full, is absent.
 */
final class KdumpMemory implements PhysicalMemory {
  /** Pages kept, as a power of two: 8 MB at least, 256 MB at most. */
  private static final int LEAST_KEPT = 11;

  private static final int MOST_KEPT = 16;

  /** How much of the heap they may take. */
  private static final int SHARE_SHIFT = 5;

  private static final int SIZE_AT = 8;
  private static final int FLAGS_AT = 12;

  /** An unpacked page. */
  private record Kept(long frame, MemorySegment page) {}

  private final List<KdumpMember> members;
  private final int keptShift = keptShift();
  private final AtomicReferenceArray<Kept> kept = new AtomicReferenceArray<>(1 << keptShift);
  private final Queue<PageCodec> codecs = new ConcurrentLinkedQueue<>();

  /**
   * Owns the members' sources.
   *
   * @param members whose ranges follow each other
   */
  KdumpMemory(List<KdumpMember> members) {
    this.members = members;
  }

  @Override
  public MemorySegment page(long frame) {
    int slot = slot(frame);
    Kept found = kept.get(slot);
    if (found != null && found.frame == frame) {
      return found.page;
    }
    // A page that another one took the place of is beside it.
    Kept older = kept.get(slot ^ 1);
    if (older != null && older.frame == frame) {
      return older.page;
    }
    KdumpMember member = member(frame);
    if (member == null) {
      return null;
    }
    long rank = member.bitmap().rank(frame);
    if (rank < 0) {
      return null;
    }
    long index = rank - member.bitmap().before(member.first());
    MemorySegment descriptor = member.descriptor(index);
    long offset = descriptor == null ? 0 : descriptor.get(Source.LONG, 0);
    if (offset == 0) {
      return null; // the writer's disk was full before
    }
    MemorySegment page = read(member, offset, descriptor, member.descriptorOffset(index));
    if (page != null) {
      if (found != null) {
        kept.set(slot ^ 1, found);
      }
      kept.set(slot, new Kept(frame, page));
    }
    return page;
  }

  @Override
  public long next(long frame) {
    // Each member has the bitmap of all.
    return members.getFirst().bitmap().next(frame);
  }

  private KdumpMember member(long frame) {
    int low = 0;
    int high = members.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      KdumpMember member = members.get(middle);
      if (frame < member.first()) {
        high = middle - 1;
      } else if (frame >= member.end()) {
        low = middle + 1;
      } else {
        return member;
      }
    }
    return null;
  }

  private static int keptShift() {
    long pages = (Runtime.getRuntime().maxMemory() >>> SHARE_SHIFT) >>> PAGE_SHIFT;
    return Math.clamp(63L - Long.numberOfLeadingZeros(pages), LEAST_KEPT, MOST_KEPT);
  }

  /** Spread, for what is used together may be a power of two apart. */
  private int slot(long frame) {
    return (int) ((frame * 0x9E3779B97F4A7C15L) >>> (64 - keptShift));
  }

  private MemorySegment read(
      KdumpMember member, long offset, MemorySegment descriptor, long descriptorAt) {
    int size = descriptor.get(Source.INT, SIZE_AT);
    int flags = descriptor.get(Source.INT, FLAGS_AT);
    if (offset < 0 || size <= 0 || size > PAGE) {
      throw member.malformed("has a page of a size or place that cannot be", descriptorAt);
    }
    if (!member.source().has(offset, size)) {
      return null; // the file was cut
    }
    PageCodec codec = codecs.poll();
    if (codec == null) {
      codec = new PageCodec();
    }
    try {
      MemorySegment packed = member.source().slice(offset, size);
      MemorySegment.copy(packed, ValueLayout.JAVA_BYTE, 0, codec.packed(), 0, size);
      return MemorySegment.ofArray(codec.unpack(size, flags)).asReadOnly();
    } catch (DataFormatException e) {
      MalformedException malformed =
          member.malformed("has a page that cannot be unpacked: " + reason(e), offset);
      malformed.addSuppressed(e);
      throw malformed;
    } finally {
      codecs.add(codec);
    }
  }

  private static String reason(DataFormatException e) {
    return e.getMessage() == null ? "its data is broken" : e.getMessage();
  }

  @Override
  public void close() {
    for (KdumpMember member : members) {
      member.source().close();
    }
    PageCodec codec;
    while ((codec = codecs.poll()) != null) {
      codec.close();
    }
  }
}
