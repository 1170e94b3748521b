// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds the types of one BTF by name: a hash table over names without their flavour, chained
 * through ids. One pass over the strings builds it, so that looking up ten names costs little more
 * than looking up one.
 */
final class NameIndex {
  private static final int[] NONE = {};

  private final Btf btf;

  /** Id of the first type of a bucket, 0 for none. */
  private final int[] heads;

  /** For each own type, the id of the next in its bucket. Ids ascend along a chain. */
  private final int[] next;

  private NameIndex(Btf btf, int[] heads, int[] next) {
    this.btf = btf;
    this.heads = heads;
    this.next = next;
  }

  static NameIndex of(Btf btf) {
    BtfData data = btf.data();
    int count = data.count();
    int[] heads = new int[Math.max(16, Integer.highestOneBit(count) << 1)];
    int[] next = new int[count];
    byte[] bytes = data.bytes();
    // Backwards, so that each chain ascends.
    for (int i = count - 1; i >= 0; i--) {
      int offset = data.nameOffset(i);
      if (offset == 0) {
        continue;
      }
      int at = data.stringPosition(offset);
      int bucket = (at >= 0 ? hash(bytes, at) : hash(btf.string(offset))) & heads.length - 1;
      next[i] = heads[bucket];
      heads[bucket] = btf.firstId() + i;
    }
    return new NameIndex(btf, heads, next);
  }

  private static int hash(String name) {
    byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
    return hash(Arrays.copyOf(utf8, utf8.length + 1), 0);
  }

  /** Hash of the NUL-terminated name at {@code start}, up to its flavour. */
  private static int hash(byte[] bytes, int start) {
    int hash = 0;
    int essential = 0;
    boolean flavoured = false;
    int i = start;
    for (int b = bytes[i]; b != 0; b = bytes[++i]) {
      if (b != '_'
          && i - start >= 4
          && bytes[i - 1] == '_'
          && bytes[i - 2] == '_'
          && bytes[i - 3] == '_'
          && bytes[i - 4] != '_') {
        // The hash before the three underscores, for which it must be taken back.
        essential = hashOf(bytes, start, i - 3);
        flavoured = true;
      }
      hash = hash * 31 + b;
    }
    int result = flavoured ? essential : hash;
    return result ^ result >>> 15;
  }

  private static int hashOf(byte[] bytes, int from, int to) {
    int hash = 0;
    for (int i = from; i < to; i++) {
      hash = hash * 31 + bytes[i];
    }
    return hash;
  }

  /** Ids of the types of exactly this name. */
  int[] named(String name) {
    return collect(Btf.essentialName(name), name);
  }

  /** Ids of the types of this name in any flavour. */
  int[] essential(String essentialName) {
    return collect(essentialName, null);
  }

  private int[] collect(String essentialName, String exact) {
    int[] found = NONE;
    int n = 0;
    int firstId = btf.firstId();
    int bucket = hash(essentialName) & heads.length - 1;
    for (int id = heads[bucket]; id != 0; id = next[id - firstId]) {
      String name = btf.name(id);
      boolean same =
          exact != null ? name.equals(exact) : Btf.essentialName(name).equals(essentialName);
      if (same) {
        if (n == found.length) {
          found = Arrays.copyOf(found, Math.max(4, n * 2));
        }
        found[n++] = id;
      }
    }
    return Arrays.copyOf(found, n);
  }
}
