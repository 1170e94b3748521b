// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import org.bpfdump.error.MalformedException;

/**
 * The compression of the kernel's symbol names: a name is a row of bytes, each of which stands for
 * a short text. It tells a name's hash from the hashes of the texts, without writing the name out.
 * Source: scripts/kallsyms.c, kernel/kallsyms.c.
 */
final class Tokens {
  /** How many texts there are, one for each byte. */
  static final int COUNT = 256;

  /** Bytes of all texts at most; kernels need less than 2,000. */
  static final int MOST = 1 << 16;

  /** Bytes of a name that are written out at most, its letter included; kernels allow 512. */
  private static final int LONGEST = 1024;

  private final byte[] table;
  private final int[] start = new int[COUNT];
  private final int[] length = new int[COUNT];
  private final int[] hash = new int[COUNT];
  private final int[] power = new int[COUNT];

  /**
   * @param table the texts, each ended by NUL
   * @param index where each begins: 2 bytes each
   */
  Tokens(byte[] table, byte[] index) {
    this.table = table;
    for (int token = 0; token < COUNT; token++) {
      int at = (index[2 * token] & 0xFF) | (index[2 * token + 1] & 0xFF) << 8;
      int end = at;
      while (end < table.length && table[end] != 0) {
        end++;
      }
      if (end >= table.length) {
        throw new MalformedException(
            "the image's symbol names are broken: text " + token + " of their table has no end",
            -1);
      }
      start[token] = at;
      length[token] = end - at;
      hash[token] = text(table, at, end);
      power[token] = power(end - at);
    }
  }

  private static int power(int exponent) {
    int power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 31;
    }
    return power;
  }

  /** As {@link String#hashCode} has it, for ASCII. */
  private static int text(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = 31 * hash + (bytes[i] & 0xFF);
    }
    return hash;
  }

  /** The hash of a name that is not compressed. */
  static int hash(byte[] name) {
    return text(name, 0, name.length);
  }

  /** The hash of a compressed name, without the letter that it begins with. */
  int hash(byte[] names, int from, int count) {
    if (count == 0) {
      return 0;
    }
    int first = names[from] & 0xFF;
    int hash =
        text(
            table,
            Math.min(start[first] + 1, start[first] + length[first]),
            start[first] + length[first]);
    for (int i = from + 1; i < from + count; i++) {
      int token = names[i] & 0xFF;
      hash = hash * power[token] + this.hash[token];
    }
    return hash;
  }

  /** Whether a compressed name, without its letter, is this one. */
  boolean is(byte[] name, byte[] names, int from, int count) {
    int at = -1;
    for (int i = from; i < from + count; i++) {
      int token = names[i] & 0xFF;
      for (int j = 0; j < length[token]; j++, at++) {
        if (at >= 0 && (at >= name.length || name[at] != table[start[token] + j])) {
          return false;
        }
      }
    }
    return at == name.length;
  }

  /** A name with its letter. */
  byte[] expand(byte[] names, int from, int count) {
    int size = 0;
    for (int i = from; i < from + count; i++) {
      size += length[names[i] & 0xFF];
    }
    byte[] name = new byte[Math.min(size, LONGEST)];
    int at = 0;
    for (int i = from; i < from + count; i++) {
      int token = names[i] & 0xFF;
      int n = Math.min(length[token], name.length - at);
      System.arraycopy(table, start[token], name, at, n);
      at += n;
    }
    return name;
  }

  /**
   * Copies a name without its letter.
   *
   * @param most how many bytes there is room for
   * @return how many bytes that were
   */
  int copy(byte[] names, int from, int count, byte[] into, int at, int most) {
    int done = 0;
    int letter = 1;
    for (int i = from; i < from + count && done < most; i++) {
      int token = names[i] & 0xFF;
      int skipped = Math.min(letter, length[token]);
      letter -= skipped;
      int n = Math.min(length[token] - skipped, most - done);
      System.arraycopy(table, start[token] + skipped, into, at + done, n);
      done += n;
    }
    return done;
  }

  /** The letter that a compressed name begins with. */
  char letter(byte[] names, int from, int count) {
    for (int i = from; i < from + count; i++) {
      int token = names[i] & 0xFF;
      if (length[token] > 0) {
        return (char) (table[start[token]] & 0xFF);
      }
    }
    return '?';
  }
}
