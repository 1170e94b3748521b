// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.lang.foreign.MemorySegment;
import java.util.function.LongSupplier;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Receipt;

/**
 * A dump with something to do before the kernel is asked for more, which can take long.
 *
 * @param most how many bytes to ask for, before each read
 * @param before done before each read
 */
record ObservedDump(Dump dump, LongSupplier most, Runnable before) implements Dump {
  @Override
  public long read(MemorySegment into) {
    before.run();
    long size = most.getAsLong();
    return dump.read(into.byteSize() <= size ? into : into.asSlice(0, size));
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
