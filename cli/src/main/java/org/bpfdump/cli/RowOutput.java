// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.query.QueryReceipt;
import org.bpfdump.query.Row;
import org.bpfdump.query.RowDump;
import org.bpfdump.query.render.Json;
import org.bpfdump.query.render.RowWriter;

/** Puts out the rows of one dump, or of several as if they were one. */
final class RowOutput {
  /** How long a person waits for rows that are there. */
  private static final long PATIENCE_NANOS = 100_000_000;

  private static final int BATCH = 16;

  private final RowWriter writer;
  private final boolean interactive;
  private final long limit;

  private long rows;
  private long visited;
  private boolean counted = true;
  private long retries;
  private long faults;
  private String missing;
  private BpfdumpException failure;
  private long flushed = System.nanoTime();

  /**
   * @param interactive whether a person watches
   * @param limit rows after which it is enough
   */
  RowOutput(RowWriter writer, boolean interactive, long limit) {
    this.writer = writer;
    this.interactive = interactive;
    this.limit = limit;
  }

  /** How many rows there were. */
  long rows() {
    return rows;
  }

  /** Whether as many rows were put out as were asked for. */
  boolean isFull() {
    return rows >= limit;
  }

  /**
   * Puts out the rows of a dump. One that is not complete is no reason not to go on with the next.
   *
   * @param network name of the network namespace that it was made in; null when rows do not say
   */
  void copy(RowDump dump, String network) {
    Row row = network == null ? dump.row() : new NamedRow(network, dump.row());
    boolean failed = false;
    try {
      while (some(dump, row)) {}
    } catch (BpfdumpException e) {
      failure = e;
      failed = true;
    }
    QueryReceipt receipt = dump.receipt();
    retries += receipt.retries();
    faults += receipt.faults();
    counted &= receipt.visited().isPresent();
    visited += receipt.visited().orElse(0);
    if (!receipt.complete() && (failed || !isFull())) {
      miss((network == null ? "" : "in network namespace " + network + " ") + why(receipt));
    }
  }

  /**
   * Puts out some rows, in one call of many, so that the JVM compiles it soon; false at the end.
   */
  private boolean some(RowDump dump, Row row) {
    for (int i = 0; i < BATCH; i++) {
      if (isFull() || !dump.next()) {
        return false;
      }
      writer.row(row);
      rows++;
    }
    return true;
  }

  private static String why(QueryReceipt receipt) {
    return receipt.missing().orElseThrow();
  }

  /** The kernel is about to be asked for more: whoever waits sees what there is. */
  void pause() {
    long now = System.nanoTime();
    if (interactive && now - flushed > PATIENCE_NANOS) {
      writer.flush();
      flushed = now;
    }
  }

  /** Notes that something is not there. */
  void miss(String what) {
    missing = missing == null ? what : missing + "; " + what;
  }

  /**
   * The end of all.
   *
   * @param told whether the receipt is to be among the data, where the format has a place for it
   * @return what was put out, and whether that is all
   */
  QueryReceipt end(boolean told) {
    Optional<String> why = Optional.ofNullable(missing);
    if (why.isEmpty() && isFull()) {
      why = Optional.of("it was ended after " + rows + (rows == 1 ? " row" : " rows"));
    }
    QueryReceipt receipt =
        new QueryReceipt(
            counted && !isFull() ? OptionalLong.of(visited) : OptionalLong.empty(),
            rows,
            retries,
            faults,
            why);
    if (told && writer instanceof Json json) {
      json.receipt(receipt);
    }
    writer.end();
    return receipt;
  }

  /** Whether something is missing that was asked for. */
  boolean incomplete() {
    return missing != null;
  }

  /** What was thrown where something is missing; null when nothing was. */
  BpfdumpException failure() {
    return failure;
  }
}
