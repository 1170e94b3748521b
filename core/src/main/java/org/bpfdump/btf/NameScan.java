// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Goes through the names in one BTF once, comparing bytes: for what is seldom looked for, or by the
 * beginning of its name, so that an index would not pay.
 */
final class NameScan {
  /** Records looked at in one call; see {@code BtfData.BATCH}. */
  private static final int BATCH = 64;

  private final Btf btf;
  private final BtfData data;
  private final byte[] wanted;
  private final boolean whole;
  private int[] ids = new int[4];
  private int found;

  private NameScan(Btf btf, String wanted, boolean whole) {
    this.btf = btf;
    this.data = btf.data();
    this.wanted = wanted.getBytes(StandardCharsets.UTF_8);
    this.whole = whole;
  }

  /** Ids of the types of a kind whose names begin so. */
  static int[] types(Btf btf, int kind, String prefix) {
    NameScan scan = new NameScan(btf, prefix, false);
    int count = scan.data.count();
    for (int i = 0; i < count; i += BATCH) {
      scan.types(kind, i, Math.min(count, i + BATCH));
    }
    return Arrays.copyOf(scan.ids, scan.found);
  }

  /** Ids of the enumerations with an enumerator whose name is {@code name}, or begins so. */
  static int[] enumerations(Btf btf, String name, boolean whole) {
    NameScan scan = new NameScan(btf, name, whole);
    int count = scan.data.count();
    for (int i = 0; i < count; i += BATCH) {
      scan.enumerations(i, Math.min(count, i + BATCH));
    }
    return Arrays.copyOf(scan.ids, scan.found);
  }

  private void types(int kind, int from, int to) {
    for (int i = from; i < to; i++) {
      if (data.kind(i) == kind && matches(data.nameOffset(i))) {
        add(i);
      }
    }
  }

  private void enumerations(int from, int to) {
    for (int i = from; i < to; i++) {
      int kind = data.kind(i);
      if ((kind == Kind.ENUM || kind == Kind.ENUM64) && enumerates(i, kind == Kind.ENUM ? 8 : 12)) {
        add(i);
      }
    }
  }

  private boolean enumerates(int record, int step) {
    int end = data.start(record) + data.length(record);
    for (int at = data.start(record) + BtfData.RECORD; at < end; at += step) {
      if (matches(data.int32(at))) {
        return true;
      }
    }
    return false;
  }

  private void add(int record) {
    if (found == ids.length) {
      ids = Arrays.copyOf(ids, found * 2);
    }
    ids[found++] = btf.firstId() + record;
  }

  private boolean matches(int offset) {
    BtfData owner = data;
    int at = data.ownString(offset);
    if (at < 0) {
      owner = btf.stringOwner(offset);
      at = owner.stringPosition(offset);
    }
    byte[] bytes = owner.bytes();
    // The strings end in a NUL, which is in no name that is looked for.
    for (byte b : wanted) {
      if (b == 0 || bytes[at++] != b) {
        return false;
      }
    }
    return !whole || bytes[at] == 0;
  }
}
