// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import org.bpfdump.image.ImageSource;

/** Says on a terminal how far a packed image is unpacked, if that takes longer than a second. */
final class Unpacking implements ImageSource.Progress {
  private static final long FIRST_NANOS = 1_000_000_000L;
  private static final long NEXT_NANOS = 200_000_000L;

  private final PrintStream err;
  private long next = System.nanoTime() + FIRST_NANOS;
  private boolean shown;

  Unpacking(PrintStream err) {
    this.err = err;
  }

  @Override
  public void unpacked(Path file, long done, long total) {
    long now = System.nanoTime();
    if (done >= total && shown) {
      err.print("\r\033[K");
      err.flush();
      shown = false;
    } else if (done < total && now - next >= 0) {
      long percent = total <= 0 ? 0 : 100 * done / total;
      err.print(
          "\r\033[Kbpfdump: unpacking "
              + Errors.visible(file.getFileName().toString())
              + ", "
              + percent
              + " %");
      err.flush();
      shown = true;
      next = now + NEXT_NANOS;
    }
  }
}
