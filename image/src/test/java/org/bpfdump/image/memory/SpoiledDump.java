// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Dumps that are like another but for their VMCOREINFO and some pages. */
public final class SpoiledDump {
  private SpoiledDump() {}

  /**
   * Such a dump; closing it leaves the other open.
   *
   * @param note the text of VMCOREINFO; null for none
   * @param pages other content by frame; null for a page that is not there
   */
  public static DumpFile of(DumpFile other, byte[] note, Map<Long, byte[]> pages) {
    return of(other, note, new SpoiledMemory(other.memory(), pages));
  }

  /** A dump without anything. */
  public static DumpFile nothing() {
    return new DumpFile(
        "nothing",
        new SpoiledMemory(null, Map.of()),
        new NoteTable(),
        List.of(),
        Optional.empty(),
        new Coverage(0, 0, 0, 0, false));
  }

  /** A dump that is like another but for its VMCOREINFO and its memory, which it closes. */
  public static DumpFile of(DumpFile other, byte[] note, PhysicalMemory memory) {
    NoteTable notes = new NoteTable();
    if (note != null) {
      notes.add(NoteTable.VMCOREINFO, 0, note);
    }
    return new DumpFile(
        other.format(), memory, notes, other.segments(), Optional.empty(), other.coverage());
  }

  private record SpoiledMemory(PhysicalMemory other, Map<Long, byte[]> pages)
      implements PhysicalMemory {
    @Override
    public ByteBuffer page(long frame) {
      if (pages.containsKey(frame)) {
        byte[] page = pages.get(frame);
        return page == null ? null : PhysicalMemory.wrap(page);
      }
      return other == null ? null : other.page(frame);
    }

    @Override
    public void close() {}
  }
}
