// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.Function;
import org.bpfdump.error.IncompleteException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.query.row.Collected;

/** Walks a target whose rows the program collects in a map. For one thread at a time. */
final class Collector {
  private final ByteOrder order;

  /** The pass that the map is of, as its value says. */
  private long pass;

  Collector(ByteOrder order) {
    this.order = order;
  }

  /**
   * One pass.
   *
   * @return its rows; empty when there are more than the map has room for
   * @throws IncompleteException when the kernel ends the walk before its end
   */
  Optional<Dump> walk(Dumper dumper, Function<? super Dumper, ? extends Dump> how) {
    Receipt receipt;
    try (Dump dump = how.apply(dumper);
        Arena arena = Arena.ofConfined()) {
      MemorySegment nothing = arena.allocate(64);
      if (dump.read(nothing) != 0) {
        throw new IllegalStateException("a program that collects its rows has written");
      }
      receipt = dump.receipt();
    }
    byte[] value = dumper.mapValue(Collected.MAP);
    ByteBuffer numbers = ByteBuffer.wrap(value).order(order);
    // Without an object the program was not called, and the map is as the last pass left it.
    boolean visited = numbers.getLong(Collected.PASS) != pass;
    pass = numbers.getLong(Collected.PASS);
    return visited && numbers.getLong(Collected.MISSED) > 0
        ? Optional.empty()
        : Optional.of(new CollectedDump(receipt, value, visited, order));
  }
}
