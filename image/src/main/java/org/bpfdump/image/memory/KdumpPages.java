// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.DataFormatException;
import org.bpfdump.error.MalformedException;

/**
 * The pages of a kdump-compressed file or a split set. A page that was left out, or lost because
 * the disk was full, is absent.
 */
final class KdumpPages implements PageSource {
  private static final int SIZE_AT = 8;
  private static final int FLAGS_AT = 12;

  private final List<KdumpMember> members;
  private final Queue<PageCodec> codecs = new ConcurrentLinkedQueue<>();

  /**
   * Owns the members' sources.
   *
   * @param members whose ranges follow each other
   */
  KdumpPages(List<KdumpMember> members) {
    this.members = members;
  }

  @Override
  public int read(long frame, byte[] into, int at, int most) {
    int done = 0;
    try {
      while (done < most && read(frame + done, into, at + (done << PhysicalMemory.PAGE_SHIFT))) {
        done++;
      }
    } catch (MalformedException e) {
      if (done == 0) {
        throw e;
      }
    }
    return done;
  }

  @Override
  public long next(long frame) {
    // Each member has the bitmap of all.
    return members.getFirst().bitmap().next(frame);
  }

  private boolean read(long frame, byte[] into, int at) {
    KdumpMember member = member(frame);
    if (member == null) {
      return false;
    }
    long rank = member.bitmap().rank(frame);
    if (rank < 0) {
      return false;
    }
    long index = rank - member.bitmap().before(member.first());
    ByteBuffer descriptor = member.descriptor(index);
    long offset = descriptor == null ? 0 : descriptor.getLong(0);
    // 0 where the writer's disk was full before.
    return offset != 0 && read(member, index, offset, descriptor, into, at);
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

  private boolean read(
      KdumpMember member, long index, long offset, ByteBuffer descriptor, byte[] into, int at) {
    int size = descriptor.getInt(SIZE_AT);
    int flags = descriptor.getInt(FLAGS_AT);
    if (offset < 0 || size <= 0 || size > PhysicalMemory.PAGE) {
      throw member.malformed(
          "has a page of a size or place that cannot be", member.descriptorOffset(index));
    }
    if (!member.source().has(offset, size)) {
      return false; // the file was cut
    }
    PageCodec codec = codecs.poll();
    if (codec == null) {
      codec = new PageCodec();
    }
    try {
      member.source().read(offset, codec.packed(), 0, size);
      codec.unpack(size, flags, into, at);
      return true;
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
