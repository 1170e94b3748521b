// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.bpfdump.error.MalformedException;

/**
 * The bytes of a dump as its format's description counts them, wherever in which file they are.
 * Safe for use by several threads.
 */
interface Source extends AutoCloseable {
  ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** For messages: the file's name. */
  String name();

  /** How many bytes there are. */
  long size();

  /** For {@link DumpFile#format}: what the format proper is wrapped in, after a comma. */
  default String wrapping() {
    return "";
  }

  /** Whether the file ends before its own end mark. */
  default boolean cut() {
    return false;
  }

  /**
   * Some of them, not to be written to.
   *
   * @param offset of the first; {@code offset + length} is at most {@link #size}
   * @param length few enough to be copied to the heap, where they are not in one piece
   */
  MemorySegment slice(long offset, long length);

  @Override
  void close();

  /** Whether a range, of any numbers, is inside. */
  default boolean has(long offset, long length) {
    return offset >= 0 && length >= 0 && offset <= size() && length <= size() - offset;
  }

  /** The same as {@link #slice}, of any range. */
  default MemorySegment slice(long offset, long length, String what) {
    if (!has(offset, length)) {
      throw malformed("is cut short: its " + what + " needs " + length + " bytes", offset);
    }
    return slice(offset, length);
  }

  /** This breaks its format. */
  default MalformedException malformed(String what, long offset) {
    return new MalformedException(name() + " " + what, offset);
  }
}
