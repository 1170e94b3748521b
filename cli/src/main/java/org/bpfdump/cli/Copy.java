// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Receipt;

/**
 * Writes out dumps, one after the other, and keeps one receipt of all. That one is not complete is
 * no reason not to go on with the next.
 */
final class Copy {
  /** The kernel gives at most 32 KiB at a time. */
  private static final int BUFFER = 64 << 10;

  private final Output out;
  private final NamedLines lines;
  private final ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER);
  private final MemorySegment segment = MemorySegment.ofBuffer(bytes);

  private long length;
  private long reads;
  private long retries;
  private long faults;
  private String missing;
  private BpfdumpException failure;

  private Copy(Output out, NamedLines lines) {
    this.out = out;
    this.lines = lines;
  }

  /** Writes out what comes, as it comes. */
  static Copy plain(Output out) {
    return new Copy(out, null);
  }

  /** Begins each line with the name of what it is of. */
  static Copy named(Output out) {
    return new Copy(out, new NamedLines(out, BUFFER));
  }

  /**
   * Writes out all of a dump.
   *
   * @param name what its lines begin with, if they do
   * @param what how a receipt of several tells it from the others, "in network namespace 1"; empty
   *     where there are no others
   */
  void write(Dump dump, String name, String what) {
    if (lines != null) {
      lines.begin(name);
    }
    for (long n = read(dump); n > 0; n = read(dump)) {
      bytes.position(0).limit((int) n);
      if (lines == null) {
        out.write(bytes);
      } else {
        lines.write(bytes);
      }
    }
    if (lines != null) {
      lines.end();
    }
    Receipt receipt = dump.receipt();
    length += receipt.bytes();
    reads += receipt.reads();
    retries += receipt.retries();
    faults += receipt.faults();
    if (!receipt.complete()) {
      miss(what.isEmpty() ? receipt.missing().get() : what + " " + receipt.missing().get());
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

  /** Says that something is missing of what was asked for. */
  void miss(String what) {
    missing = missing == null ? what : missing + "; " + what;
  }

  /**
   * The receipt for all, which is complete.
   *
   * @throws PartException when it is not
   */
  Receipt receipt() {
    Receipt receipt =
        new Receipt(length, reads, retries, faults, List.of(), Optional.ofNullable(missing));
    if (!receipt.complete()) {
      throw new PartException(receipt.toString(), failure);
    }
    return receipt;
  }

  /** A dump ended before its target did; the message is the receipt, which says why. */
  static final class PartException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    PartException(String receipt, BpfdumpException cause) {
      super(receipt, cause);
    }
  }
}
