// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.bpfdump.image.snapshot.KernelLog;
import org.bpfdump.image.snapshot.Snapshot;

/** The log of an image, and at its end what is broken of it. */
final class LogReader implements Iterator<LogRecord> {
  private static final int WARNING = 4;

  /** {@code LOG_SYSLOG}: what the reader of a log says of it itself. */
  private static final int SYSLOG = 5;

  private final KernelLog log;
  private LogRecord last = new LogRecord(-1, Duration.ZERO, WARNING, SYSLOG, "");
  private boolean ended;

  private LogReader(KernelLog log) {
    this.log = log;
  }

  static Stream<LogRecord> stream(Snapshot snapshot) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            new LogReader(new KernelLog(snapshot)), Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  @Override
  public boolean hasNext() {
    return log.hasNext() || (!ended && !log.broken().isEmpty());
  }

  @Override
  public LogRecord next() {
    if (log.hasNext()) {
      last = log.next();
      return last;
    }
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    ended = true;
    return new LogRecord(last.sequence() + 1, last.time(), WARNING, SYSLOG, log.broken());
  }
}
