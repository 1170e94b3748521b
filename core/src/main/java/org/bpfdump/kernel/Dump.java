// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.util.stream.Stream;
import org.bpfdump.error.IncompleteException;

/**
 * One pass over a target: a stream of what the program wrote, ended by a receipt. It is read once,
 * from its start, by one thread at a time; {@link #read}, {@link #stream()} and {@link #lines()}
 * take from the same bytes.
 *
 * <p>A pass that cannot go on although its target has more throws {@link IncompleteException},
 * after the bytes that came before; nothing is missing in silence.
 */
public interface Dump extends AutoCloseable {
  /**
   * Reads what the program wrote next. A kernel gives at most one of its buffers at a time, 32 KiB
   * in general, so that a segment of that size serves best.
   *
   * @param into native memory, not empty
   * @return how many bytes were read, at least 1; 0 at the end
   * @throws IncompleteException when the pass ends before its target
   * @throws org.bpfdump.error.SyscallException when reading fails otherwise
   */
  long read(MemorySegment into);

  /** What is left of the dump as a stream, whose end is the dump's; closing it closes nothing. */
  default InputStream stream() {
    return new DumpInputStream(this);
  }

  /** What is left of the dump line by line, as UTF-8. */
  default Stream<String> lines() {
    return DumpInputStream.lines(this);
  }

  /** What has been read so far, and whether that is all. */
  Receipt receipt();

  @Override
  void close();
}
