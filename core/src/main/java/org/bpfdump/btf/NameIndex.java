// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Finds types of one BTF by name. Two of them cover a BTF, since most named types of a kernel are
 * functions and few programs look for one.
 *
 * <p>A hash table over the beginnings of names, chained. It is made when it is first needed; for
 * functions that is the third search, since going through them twice costs less.
 */
final class NameIndex {
  /** How many bytes of a name are hashed. */
  private static final int HASHED = 12;

  /** Records looked at in one call; see {@code BtfData.BATCH}. */
  private static final int BATCH = 64;

  private final Btf btf;
  private final BtfData data;

  /** For each kind, whether its types are found here. */
  private final boolean[] covered = new boolean[128];

  /** How many searches are still to be made without a table. */
  private int searches;

  private volatile Table table;

  /** Covers all functions, or all that is not a function. */
  NameIndex(Btf btf, boolean functions) {
    this.btf = btf;
    this.data = btf.data();
    this.searches = functions ? 2 : 0;
    for (int kind = 0; kind < covered.length; kind++) {
      covered[kind] = functions ? kind == Kind.FUNC : kind != Kind.FUNC && BtfData.named(kind);
    }
  }

  /** Ids of the types of exactly this name. */
  int[] named(String name) {
    return find(name, false);
  }

  /** Ids of the types of this name in any flavour. */
  int[] essential(String essentialName) {
    return find(essentialName, true);
  }

  private int[] find(String wanted, boolean anyFlavour) {
    byte[] name = wanted.getBytes(StandardCharsets.UTF_8);
    if (name.length == 0) {
      return new int[0];
    }
    Found found = new Found(name, anyFlavour);
    Table index = table;
    // Two threads may count past each other or make the table twice; what they find is the same.
    if (index == null && searches-- > 0) {
      int count = data.count();
      for (int i = 0; i < count; i += BATCH) {
        search(i, Math.min(count, i + BATCH), name[0], found);
      }
    } else {
      if (index == null) {
        index = new Table();
        table = index;
      }
      index.find(found);
    }
    return Arrays.copyOf(found.ids, found.count);
  }

  private void search(int from, int to, byte first, Found found) {
    for (int i = from; i < to; i++) {
      if (covered[data.kind(i)]) {
        int offset = data.int32(data.start(i));
        int at = data.ownString(offset);
        if (at < 0 || data.bytes()[at] == first) {
          found.check(i, offset);
        }
      }
    }
  }

  /** What one search finds. */
  private final class Found {
    private final byte[] name;
    private final boolean anyFlavour;
    private int[] ids = new int[4];
    private int count;

    Found(byte[] name, boolean anyFlavour) {
      this.name = name;
      this.anyFlavour = anyFlavour;
    }

    /** Takes a record whose name is at {@code offset} if that is the name looked for. */
    void check(int record, int offset) {
      if (offset == 0) {
        return;
      }
      BtfData owner = btf.stringOwner(offset);
      if (matches(owner.bytes(), owner.stringPosition(offset))) {
        if (count == ids.length) {
          ids = Arrays.copyOf(ids, count * 2);
        }
        ids[count++] = btf.firstId() + record;
      }
    }

    private boolean matches(byte[] bytes, int start) {
      int i = start;
      for (byte b : name) {
        // A NUL in the name matches none: it would end the string.
        if (b == 0 || bytes[i++] != b) {
          return false;
        }
      }
      return bytes[i] == 0
          ? !anyFlavour || essentialLength(bytes, start) == name.length
          : anyFlavour && bytes[i] == '_' && essentialLength(bytes, start) == name.length;
    }
  }

  /** Length of the name at {@code start} without its flavour; see {@link Btf#essentialName}. */
  private static int essentialLength(byte[] bytes, int start) {
    int length = -1;
    int i = start;
    for (; bytes[i] != 0; i++) {
      if (i - start >= 4
          && bytes[i] != '_'
          && bytes[i - 1] == '_'
          && bytes[i - 2] == '_'
          && bytes[i - 3] == '_'
          && bytes[i - 4] != '_') {
        length = i - 3 - start;
      }
    }
    return length >= 0 ? length : i - start;
  }

  /**
   * Hash of the NUL-terminated name at {@code start}, the same for all its flavours: it ends at the
   * first three underscores, and underscores do not count where it ends.
   */
  private static int hash(byte[] bytes, int start) {
    int hash = 0;
    int result = 0;
    int underscores = 0;
    for (int i = start; i < start + HASHED && bytes[i] != 0; i++) {
      hash = hash * 31 + bytes[i];
      if (bytes[i] != '_') {
        result = hash;
        underscores = 0;
      } else if (++underscores == 3) {
        break;
      }
    }
    return result ^ result >>> 15;
  }

  /** The hash table. In a kernel's BTF its longest chain has some thousand entries. */
  private final class Table {
    /** First entry of a bucket, counted from 1; 0 for none. */
    private final int[] heads;

    /** For each entry, its record and the next entry in its bucket. Records ascend. */
    private final int[] records;

    private final int[] next;
    private int entries;

    Table() {
      int count = 0;
      for (int kind = 0; kind < covered.length; kind++) {
        count += covered[kind] ? data.countOf(kind) : 0;
      }
      heads = new int[Math.max(16, Integer.highestOneBit(count) << 1)];
      records = new int[count];
      next = new int[count];
      // Backwards, so that each chain ascends.
      for (int i = data.count(); i > 0; i -= BATCH) {
        enter(Math.max(0, i - BATCH), i);
      }
    }

    private void enter(int from, int to) {
      for (int i = to - 1; i >= from; i--) {
        int offset = covered[data.kind(i)] ? data.int32(data.start(i)) : 0;
        if (offset != 0) {
          BtfData owner = btf.stringOwner(offset);
          int bucket = hash(owner.bytes(), owner.stringPosition(offset)) & heads.length - 1;
          records[entries] = i;
          next[entries] = heads[bucket];
          heads[bucket] = ++entries;
        }
      }
    }

    void find(Found found) {
      byte[] name = Arrays.copyOf(found.name, found.name.length + 1);
      int bucket = hash(name, 0) & heads.length - 1;
      for (int entry = heads[bucket]; entry != 0; entry = next[entry - 1]) {
        int record = records[entry - 1];
        found.check(record, data.int32(data.start(record)));
      }
    }
  }
}
