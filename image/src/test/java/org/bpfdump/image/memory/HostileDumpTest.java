// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.testkit.HostileInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps that no tool wrote: a documented exception of one line, soon, and little memory. */
class HostileDumpTest {
  /** Of frames in a spoiled file's own order of magnitude. */
  private static final int READ = 1 << 8;

  @TempDir private Path directory;
  private int opened;
  private long read;

  @Test
  void spoiledDumpsAreReadOrRefused() throws IOException {
    SortedMap<Long, byte[]> pages = new TreeMap<>();
    SamplePages.some(60).values().stream()
        .limit(12)
        .forEach(bytes -> pages.put(3L * pages.size(), bytes));
    List<byte[]> sound = new ArrayList<>();
    ElfWriter elf = new ElfWriter();
    pages.forEach((frame, bytes) -> elf.load(frame * PhysicalMemory.PAGE + 8, bytes, 5000));
    sound.add(elf.write());
    sound.add(elf.writeLikeQemu());
    sound.add(elf.writeManyHeaders());
    for (int flag : new int[] {0, 1, 2, 4, 32}) {
      byte[] kdump = new KdumpWriter(pages, 100).packedBy(flag).write();
      sound.add(kdump);
      sound.add(KdumpWriter.flattened(kdump, 700, flag));
    }
    sound.add(new KdumpWriter(pages, 100).member(0, 50).version(5).write());
    for (Packing packing : Packing.values()) {
      sound.add(UnpackerTest.pack(packing, elf.write()));
    }
    HostileInput.spoil(sound, this::readAll);
    // Were all refused at once, nothing but the first check would have been tried.
    assertThat(opened).isGreaterThan(HostileInput.count() / 4);
    assertThat(read).isGreaterThan(HostileInput.count());
  }

  private void readAll(byte[] bytes) {
    try (DumpFile file = Dumps.open(directory, bytes)) {
      opened++;
      file.vmcoreinfo();
      file.notes("CORE", DumpFile.NT_PRSTATUS);
      assertThat(file.coverage().present()).isNotNegative();
      for (long frame = 0; frame < READ; frame++) {
        page(file, frame);
      }
      for (long frame = file.coverage().end() - READ; frame < file.coverage().end(); frame++) {
        page(file, frame);
      }
    } catch (BpfdumpException e) {
      check(e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void page(DumpFile file, long frame) {
    try {
      byte[] page = Dumps.page(file, frame);
      if (page != null) {
        assertThat(page.length).isEqualTo(PhysicalMemory.PAGE);
        read++;
      }
    } catch (BpfdumpException e) {
      check(e);
    }
  }

  private static void check(BpfdumpException e) {
    assertThat(e)
        .isInstanceOfAny(
            MalformedException.class, UnsupportedException.class, RequestException.class);
    assertThat(e.getMessage()).hasSizeBetween(10, 2000).doesNotContain("\n");
  }
}
