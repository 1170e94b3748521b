// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.lang.foreign.MemorySegment;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Receipt;

/** One pass over a target of an image. */
@SuppressWarnings("DoNotCallSuggester") // until it is there
public final class ImageDump implements Dump {
  ImageDump() {}

  @Override
  public long read(MemorySegment into) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Receipt receipt() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
