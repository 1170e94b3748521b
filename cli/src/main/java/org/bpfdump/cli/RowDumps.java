// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.ByteBuffer;
import java.util.List;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.ReadAhead;
import org.bpfdump.query.LoadedQuery;
import org.bpfdump.query.QueryReceipt;
import org.bpfdump.query.RowDump;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.render.RowWriter;
import org.bpfdump.query.render.Sink;

/**
 * A loaded query that can be dumped any number of times.
 *
 * @param loaded stays the caller's
 * @param namespaces where to dump; stay the caller's
 */
record RowDumps(LoadedQuery loaded, Namespaces namespaces, DumpOptions options) {
  /**
   * Dumps to standard output.
   *
   * @throws Copy.PartException when something is missing
   */
  void once(Session session) {
    Output out = session.out();
    Terminal terminal = out.isOfThisProcess() ? Terminal.of(1) : null;
    boolean observed = out.isOfThisProcess() && Terminal.is(2);
    QueryReceipt receipt;
    RowOutput rows;
    try (Progress progress =
        observed ? Progress.on(session.err(), terminal != null) : Progress.none()) {
      rows =
          output(
              (bytes, from, to) ->
                  progress.without(() -> out.write(ByteBuffer.wrap(bytes, from, to - from))),
              terminal);
      receipt = dump(rows, progress);
    }
    if (rows.incomplete()) {
      throw new Copy.PartException(receipt.toString(), rows.failure());
    }
    if (options.receipt()) {
      session.err().print(Errors.line(receipt.toString()));
    }
  }

  /**
   * Dumps to somewhere else.
   *
   * @param terminal for which; null for none
   */
  QueryReceipt to(Sink sink, Terminal terminal) {
    return dump(output(sink, terminal), Progress.none());
  }

  private RowOutput output(Sink sink, Terminal terminal) {
    List<Column> columns = loaded.plan().columns();
    RowWriter writer =
        options
            .format()
            .writer(
                sink,
                namespaces.everyNetwork() ? NamedRow.columns(columns) : columns,
                options.header(),
                terminal);
    return new RowOutput(writer, terminal != null, options.limit());
  }

  private QueryReceipt dump(RowOutput rows, Progress progress) {
    namespaces
        .walk((network, here) -> {
          if (!rows.isFull()) {
            pass(rows, progress, network, here);
          }
        })
        .filter(_ -> !rows.isFull())
        .ifPresent(rows::miss);
    return rows.end(options.receipt());
  }

  private void pass(RowOutput rows, Progress progress, String network, Namespaces.Opening here) {
    Runnable before =
        () -> {
          progress.rows(rows.rows());
          rows.pause();
        };
    try (RowDump dump =
        loaded.open(
            dumper -> new ObservedDump(ahead(here.open(dumper)), () -> most(rows), before))) {
      rows.copy(dump, network);
    }
  }

  /**
   * How many bytes to ask for. A kernel walks until it has as many: those that the rows still
   * wanted have at least, so that it ends at the last of them, however rare they are.
   */
  private long most(RowOutput rows) {
    long wanted = Math.min(options.limit() - rows.rows(), Integer.MAX_VALUE);
    return wanted * loaded.compiled().layout().least();
  }

  /** The walk goes on beside us; but one that is to end after some rows goes no further. */
  private Dump ahead(Dump dump) {
    boolean all = options.limit() == Long.MAX_VALUE;
    return all ? new ReadAhead(dump) : dump;
  }
}
