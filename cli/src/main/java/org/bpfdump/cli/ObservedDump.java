// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.lang.foreign.MemorySegment;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Receipt;

/**
 * A dump with something to do before the kernel is asked for more, which can take long.
 *
 * @param most bytes to ask for at a time
 * @param before done before each read
 */
record ObservedDump(Dump dump, long most, Runnable before) implements Dump {
  @Override
  public long read(MemorySegment into) {
    before.run();
    return dump.read(into.byteSize() <= most ? into : into.asSlice(0, most));
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
