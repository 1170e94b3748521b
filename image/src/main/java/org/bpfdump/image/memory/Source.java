// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bpfdump.error.MalformedException;

/**
 * The bytes of a dump as its format's description counts them, wherever in which file they are.
 * Safe for use by several threads.
 */
interface Source extends AutoCloseable {
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
   * Reads some of them.
   *
   * @param offset of the first; {@code offset + length} is at most {@link #size}
   * @throws MalformedException when the file cannot be read there any more
   */
  void read(long offset, byte[] into, int at, int length);

  @Override
  void close();

  /** Whether a range, of any numbers, is inside. */
  default boolean has(long offset, long length) {
    return offset >= 0 && length >= 0 && offset <= size() && length <= size() - offset;
  }

  /** Some bytes, as {@link #read} has them; numbers are little-endian. */
  default ByteBuffer bytes(long offset, int length) {
    byte[] bytes = new byte[length];
    read(offset, bytes, 0, length);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The same, of any range. */
  default ByteBuffer bytes(long offset, int length, String what) {
    if (!has(offset, length)) {
      throw malformed("is cut short: its " + what + " needs " + length + " bytes", offset);
    }
    return bytes(offset, length);
  }

  /** This breaks its format. */
  default MalformedException malformed(String what, long offset) {
    return new MalformedException(name() + " " + what, offset);
  }
}
