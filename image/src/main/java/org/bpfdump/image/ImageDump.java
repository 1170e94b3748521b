// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Reading;
import org.bpfdump.kernel.Receipt;

/**
 * One pass over a target of an image. What the walk finds broken, or not in the file, it leaves out
 * and goes on after: the receipt says so then, and that the dump is not complete.
 */
public final class ImageDump implements Dump {
  private final Image.Hold hold;
  private final Reading reading;
  private final VirtualMemory memory;
  private final Notes notes;

  /** Owns the hold. */
  ImageDump(
      Image.Hold hold, Reading.Source source, String target, VirtualMemory memory, Notes notes) {
    this.hold = hold;
    this.reading = new Reading(source, target, errno -> "error " + errno);
    this.memory = memory;
    this.notes = notes;
  }

  @Override
  public long read(MemorySegment into) {
    hold.image();
    return reading.read(into);
  }

  @Override
  public Receipt receipt() {
    Receipt read = reading.receipt();
    return new Receipt(
        read.bytes(),
        read.reads(),
        read.retries(),
        memory.absent(),
        notes.list(),
        read.missing().or(this::broken));
  }

  /** Why a pass that came to its end is not complete nonetheless. */
  private Optional<String> broken() {
    if (notes.count() == 0) {
      return Optional.empty();
    }
    long others = notes.count() - 1;
    String first = notes.list().getFirst();
    return Optional.of(
        others == 0
            ? first
            : first + "; and " + others + (others == 1 ? " place" : " places") + " more");
  }

  @Override
  public void close() {
    hold.close();
  }
}
