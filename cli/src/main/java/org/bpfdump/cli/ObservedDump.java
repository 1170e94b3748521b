// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.lang.foreign.MemorySegment;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Receipt;

/**
 * A dump with something to do before the kernel is asked for more, which can take long.
 *
 * @param before done before each read
 */
record ObservedDump(Dump dump, Runnable before) implements Dump {
  @Override
  public long read(MemorySegment into) {
    before.run();
    return dump.read(into);
  }

  @Override
  public Receipt receipt() {
    return dump.receipt();
  }

  @Override
  public void close() {
    dump.close();
  }
}
