// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Bytes of UTF-8 text that grow at the end; kept and filled anew for every row. */
public final class TextBuffer {
  private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[256];
  private int size;

  /** Empty. */
  public TextBuffer() {}

  /** How many bytes there are. */
  public int size() {
    return size;
  }

  /** Drops all bytes after this many. */
  public void truncate(int newSize) {
    size = newSize;
  }

  /** The bytes: the first {@link #size()} of an array that is replaced when it is too small. */
  public byte[] array() {
    return bytes;
  }

  /** Adds a byte. */
  public TextBuffer put(int value) {
    room(1);
    bytes[size++] = (byte) value;
    return this;
  }

  /** Adds a byte several times. */
  public TextBuffer fill(int value, int times) {
    room(times);
    Arrays.fill(bytes, size, size + times, (byte) value);
    size += times;
    return this;
  }

  /** Adds text. */
  public TextBuffer put(String text) {
    int length = text.length();
    room(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        return put(text.substring(i).getBytes(StandardCharsets.UTF_8), 0, -1);
      }
      bytes[size++] = (byte) c;
    }
    return this;
  }

  /** Adds what the buffer has between position and limit; its position stays. */
  public TextBuffer put(ByteBuffer from) {
    int length = from.remaining();
    room(length);
    from.get(from.position(), bytes, size, length);
    size += length;
    return this;
  }

  /** Adds bytes of an array; {@code to} negative means to its end. */
  public TextBuffer put(byte[] from, int start, int to) {
    int length = (to < 0 ? from.length : to) - start;
    room(length);
    System.arraycopy(from, start, bytes, size, length);
    size += length;
    return this;
  }

  /** Adds a number in base 10, with its sign. */
  public TextBuffer putDecimal(long value) {
    if (value < 0) {
      put('-');
    }
    return putUnsigned(value < 0 ? -value : value);
  }

  /** Adds a number in base 10, taken as unsigned. */
  public TextBuffer putUnsigned(long value) {
    long rest = value;
    if (rest < 0) {
      long tens = Long.divideUnsigned(rest, 10);
      putUnsigned(tens);
      return put('0' + (int) (rest - tens * 10));
    }
    int digits = 1;
    for (long bound = 10; digits < 19 && rest >= bound; bound *= 10) {
      digits++;
    }
    room(digits);
    for (int i = size + digits - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += digits;
    return this;
  }

  /** Adds a number in base 16, without leading zeroes. */
  public TextBuffer putHex(long value) {
    int digits = Math.max(1, (67 - Long.numberOfLeadingZeros(value)) / 4);
    return putHex(value, digits);
  }

  /** Adds the lowest digits of a number in base 16. */
  public TextBuffer putHex(long value, int digits) {
    room(digits);
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
      bytes[size++] = DIGITS[(int) (value >>> shift) & 0xF];
    }
    return this;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  /** The text from an offset to the end. */
  public String text(int from) {
    return new String(bytes, from, size - from, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return text(0);
  }
}
