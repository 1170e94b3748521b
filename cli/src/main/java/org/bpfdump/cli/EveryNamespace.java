// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.NetworkNamespace;
import org.bpfdump.live.NetworkNamespaces;

/** One dumper, opened in every network namespace of the machine, one after the other. */
final class EveryNamespace {
  private static final int BUFFER = 64 << 10;

  private final LiveDumper dumper;
  private final NamedLines lines;
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER);
  private final MemorySegment segment = MemorySegment.ofBuffer(bytes);

  private long length;
  private long reads;
  private long retries;
  private String missing;
  private BpfdumpException failure;

  EveryNamespace(LiveDumper dumper, Output out) {
    this.dumper = dumper;
    this.lines = new NamedLines(out, BUFFER);
  }

  /**
   * Writes all dumps. One that is not complete is no reason not to go on with the next.
   *
   * @return a receipt for all, which is complete
   * @throws RunCommand.PartException when it is not
   */
  Receipt run() {
    try (NetworkNamespaces all = NetworkNamespaces.all()) {
      for (NetworkNamespace namespace : all.list()) {
        try (Dump dump = dumper.openIn(namespace)) {
          run(dump, namespace.name());
        }
      }
      lookedEverywhere(all.outOfReach());
    }
    Receipt receipt = new Receipt(length, reads, retries, Optional.ofNullable(missing));
    if (!receipt.complete()) {
      throw new RunCommand.PartException(receipt, failure);
    }
    return receipt;
  }

  private void run(Dump dump, String name) {
    lines.begin(name);
    for (long n = read(dump); n > 0; n = read(dump)) {
      lines.write(bytes.position(0).limit((int) n));
    }
    lines.end();
    Receipt receipt = dump.receipt();
    length += receipt.bytes();
    reads += receipt.reads();
    retries += receipt.retries();
    if (!receipt.complete()) {
      miss("in network namespace " + name + " " + receipt.missing().get());
    }
  }

  /** Reads what comes next; 0 at the end, and where the dump cannot go on: its receipt says why. */
  private long read(Dump dump) {
    try {
      return dump.read(segment);
    } catch (BpfdumpException e) {
      failure = e;
      return 0;
    }
  }

  private void lookedEverywhere(List<String> outOfReach) {
    if (!outOfReach.isEmpty()) {
      miss(
          "there may be further network namespaces, since this process cannot look at "
              + outOfReach.getFirst()
              + (outOfReach.size() > 1 ? " and " + (outOfReach.size() - 1) + " more" : "")
              + "; run as root of the whole machine");
    }
  }

  private void miss(String what) {
    missing = missing == null ? what : missing + "; " + what;
  }
}
