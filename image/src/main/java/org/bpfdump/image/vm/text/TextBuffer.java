// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

import java.util.Arrays;

/**
 * Bytes of text on their way to a program or its output. It keeps the first of them, and counts
 * all, as C's snprintf does. Of one thread.
 */
public final class TextBuffer {
  /** More than any buffer of a kernel that text goes to. */
  private static final int KEPT = 1 << 16;

  private byte[] bytes = new byte[512];
  private long length;

  /** Forgets everything. */
  public void clear() {
    length = 0;
  }

  /** How many bytes were put in. */
  public long length() {
    return length;
  }

  /** How many of them are kept, from the first on. */
  public int kept() {
    return (int) Math.min(length, KEPT);
  }

  /** The kept ones, shared; others may follow. */
  public byte[] bytes() {
    return bytes;
  }

  /** Forgets all after the first {@code newLength}, which must be kept ones. */
  void cut(int newLength) {
    length = newLength;
  }

  void put(int c) {
    if (length < KEPT) {
      room(1);
      bytes[(int) length] = (byte) c;
    }
    length++;
  }

  /** Appends ASCII. */
  void put(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      put(ascii.charAt(i));
    }
  }

  void put(byte[] from, int offset, int count) {
    int fit = (int) Math.min(count, Math.max(0, KEPT - length));
    if (fit > 0) {
      room(fit);
      System.arraycopy(from, offset, bytes, (int) length, fit);
    }
    length += count;
  }

  /** The same character again and again; not at all when the count is negative. */
  void repeat(int c, long count) {
    if (count <= 0) {
      return;
    }
    int fit = (int) Math.min(count, Math.max(0, KEPT - length));
    if (fit > 0) {
      room(fit);
      Arrays.fill(bytes, (int) length, (int) length + fit, (byte) c);
    }
    length += count;
  }

  /** Puts spaces before what came since {@code start}, so that it takes {@code width} bytes. */
  void alignRight(int start, long width) {
    int end = kept();
    long missing = width - (length - start);
    if (missing <= 0) {
      return;
    }
    repeat(' ', missing);
    int shift = (int) Math.min(missing, KEPT);
    int moved = Math.min(end - start, kept() - start - shift);
    if (moved > 0) {
      System.arraycopy(bytes, start, bytes, start + shift, moved);
    }
    Arrays.fill(bytes, start, Math.min(kept(), start + shift), (byte) ' ');
  }

  private void room(int count) {
    int needed = (int) length + count;
    if (needed > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.min(KEPT, Math.max(needed, 2 * bytes.length)));
    }
  }
}
