// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.PhysicalMemory;

/**
 * Finds VMCOREINFO in memory, for dumps that were written without its note: the kernel keeps the
 * text in a page of its own, from its first byte on. Source: kernel/vmcore_info.c.
 */
final class VmcoreinfoSearch {
  private static final byte[] START = "OSRELEASE=".getBytes(StandardCharsets.US_ASCII);

  private VmcoreinfoSearch() {}

  /**
   * The first that is of use.
   *
   * @param use makes something of it, or throws
   * @throws UnsupportedException when there is none
   */
  static <T> T search(DumpFile file, Function<Vmcoreinfo, T> use) {
    PhysicalMemory memory = file.memory();
    long end = file.coverage().end();
    long left = file.coverage().present();
    for (long frame = memory.next(0); frame < end && left > 0; frame = memory.next(frame + 1)) {
      ByteBuffer page = page(memory, frame);
      if (page != null) {
        left--;
        Optional<T> made = read(page).flatMap(info -> attempt(use, info));
        if (made.isPresent()) {
          return made.get();
        }
      }
    }
    throw new UnsupportedException(
        "this image does not say what kernel it is of: it has no VMCOREINFO, neither as a note nor"
            + " in its memory; make it again by kdump, or in QEMU with -device vmcoreinfo and the"
            + " guest's module qemu_fw_cfg loaded");
  }

  private static ByteBuffer page(PhysicalMemory memory, long frame) {
    try {
      return memory.page(frame);
    } catch (MalformedException e) {
      return null;
    }
  }

  private static Optional<Vmcoreinfo> read(ByteBuffer page) {
    try {
      for (int i = 0; i < START.length; i++) {
        if (page.get(i) != START[i]) {
          return Optional.empty();
        }
      }
      byte[] text = new byte[PhysicalMemory.PAGE];
      page.get(0, text);
      Vmcoreinfo info = new Vmcoreinfo(text);
      // A page of a file that looks like it has not both of these.
      return info.symbol("swapper_pg_dir").isPresent() && info.number("phys_base").isPresent()
          ? Optional.of(info)
          : Optional.empty();
    } catch (BpfdumpException e) {
      return Optional.empty();
    }
  }

  /** An earlier kernel's may still be in memory: what is no good is not this one's. */
  private static <T> Optional<T> attempt(Function<Vmcoreinfo, T> use, Vmcoreinfo info) {
    try {
      return Optional.of(use.apply(info));
    } catch (UnsupportedException e) {
      return Optional.empty();
    }
  }
}
