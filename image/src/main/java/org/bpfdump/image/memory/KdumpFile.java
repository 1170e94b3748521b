// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.bpfdump.error.RequestException;

/** Puts the members of a kdump-compressed dump together: one file, or all of a split set. */
final class KdumpFile {
  /** A file whose last pages are all the shared zero page is taken to be whole. */
  private static final int LOOK_BACK = 1 << 10;

  private final List<KdumpMember> members;

  private KdumpFile(List<KdumpMember> members) {
    this.members = members;
  }

  /** Takes the sources over, unless it throws. */
  static DumpFile open(List<Source> sources) {
    List<KdumpMember> members = new ArrayList<>();
    for (Source source : sources) {
      members.add(new KdumpMember(source));
    }
    members.sort(Comparator.comparingLong(KdumpMember::first));
    return new KdumpFile(members).dump();
  }

  private DumpFile dump() {
    if (members.size() > 1 || members.getFirst().split()) {
      checkSet();
    }
    KdumpMember first = members.getFirst();
    long written = 0;
    long cut = 0;
    boolean incomplete = false;
    for (KdumpMember member : members) {
      written += member.pages();
      cut += cut(member);
      incomplete |= (member.status() & KdumpMember.INCOMPLETE) != 0 || member.source().cut();
    }
    Coverage coverage =
        new Coverage(
            first.machinePages(), written - cut, cut, first.bitmap().end(), incomplete || cut > 0);
    return new DumpFile(
        "kdump-compressed (" + compression() + ")" + wrapping(),
        new KeptPages(new KdumpPages(members)),
        notes(),
        List.of(),
        Optional.of(first.header()),
        coverage);
  }

  /** The members must be of one dump, and all of them. */
  private void checkSet() {
    KdumpMember first = members.getFirst();
    long next = 0;
    for (KdumpMember member : members) {
      String name = member.source().name();
      if (!member.split()) {
        throw new RequestException(
            name + " is a whole dump, not one of a split set: give it alone");
      }
      if (member.frames() != first.frames()
          || member.bitmap().count() != first.bitmap().count()
          || !member.header().release().equals(first.header().release())
          || !member.header().node().equals(first.header().node())) {
        throw new RequestException(
            name + " and " + first.source().name() + " are not of the same split dump");
      }
      if (member.first() < next) {
        throw new RequestException(
            name + " has pages that another of the files has: give each file of the set once");
      }
      if (member.first() > next) {
        throw missing(next, member.first());
      }
      next = member.end();
    }
    if (next < first.frames()) {
      throw missing(next, first.frames());
    }
  }

  private RequestException missing(long from, long to) {
    return new RequestException(
        "a file of the split dump is missing, that with frames "
            + from
            + " to "
            + (to - 1)
            + ": give all files of the set");
  }

  private NoteTable notes() {
    for (KdumpMember member : members) {
      if (member.notes().vmcoreinfo().isPresent()) {
        return member.notes();
      }
    }
    return members.getFirst().notes();
  }

  private String wrapping() {
    return (members.size() > 1 ? ", split in " + members.size() : "")
        + members.getFirst().source().wrapping();
  }

  private String compression() {
    int status = members.getFirst().status();
    if ((status & KdumpMember.ZLIB) != 0) {
      return "zlib";
    }
    if ((status & KdumpMember.LZO) != 0) {
      return "lzo";
    }
    if ((status & KdumpMember.SNAPPY) != 0) {
      return "snappy";
    }
    return (status & KdumpMember.ZSTD) != 0 ? "zstd" : "uncompressed";
  }

  /**
   * How many pages were cut off. Only where the end of the file looks like it are all descriptors
   * read: those of a whole file of a large machine would take their time.
   */
  private static long cut(KdumpMember member) {
    long pages = member.pages();
    boolean look = (member.status() & KdumpMember.INCOMPLETE) != 0 || member.source().cut();
    for (long i = Math.max(0, pages - LOOK_BACK); i < pages && !look; i++) {
      look = isCut(member, i);
    }
    long cut = 0;
    if (look) {
      for (long i = 0; i < pages; i++) {
        ByteBuffer descriptor = member.descriptor(i);
        if (descriptor == null) {
          return cut + pages - i;
        }
        cut += isCut(member, i) ? 1 : 0;
      }
    }
    return cut;
  }

  private static boolean isCut(KdumpMember member, long index) {
    ByteBuffer descriptor = member.descriptor(index);
    if (descriptor == null) {
      return true;
    }
    long offset = descriptor.getLong(0);
    long size = Integer.toUnsignedLong(descriptor.getInt(8));
    return offset == 0
        || (offset > 0 && size <= PhysicalMemory.PAGE && !member.source().has(offset, size));
  }
}
