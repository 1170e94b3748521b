// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.Btf;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Test;

/** Maple trees give their entries in order, and end. */
class MapleCursorTest {
  private static final Types TYPES = new Types(Btf.parse(KernelBtf.bytes("7.3")));
  private static final long TREE = 0xffff_8880_0000_0000L;
  private static final long ROOT = TREE + 0x1000;
  private static final long LOW = TREE + 0x1100;
  private static final long HIGH = TREE + 0x1200;
  private static final long OBJECT = TREE + 0x4000;
  private static final int LEAF = 1;
  private static final int ARANGE = 3;

  private final WrittenMemory written = new WrittenMemory();
  private final MapleCursor cursor = new MapleCursor(TYPES, written.view());

  private static long pointer(long node, int type) {
    return node | type << 3 | 4;
  }

  private void root(long entry) {
    written.put(TYPES.field("maple_tree", "ma_root").at(TREE), entry);
  }

  private void set(long node, String type, int slot, long limit, long entry) {
    if (limit != 0) {
      written.put(TYPES.field(type, "pivot").at(node) + 8L * slot, limit);
    }
    written.put(TYPES.field(type, "slot").at(node) + 8L * slot, entry);
  }

  /** Below 100, two entries with a hole between them; above, one, and a mark of the kernel's. */
  private void twoLevels() {
    root(pointer(ROOT, ARANGE) | 2);
    set(ROOT, "maple_arange_64", 0, 99, pointer(LOW, LEAF));
    set(ROOT, "maple_arange_64", 1, -1, pointer(HIGH, LEAF));
    set(LOW, "maple_range_64", 0, 9, OBJECT);
    set(LOW, "maple_range_64", 1, 19, 0);
    set(LOW, "maple_range_64", 2, 99, OBJECT + 64);
    set(HIGH, "maple_range_64", 0, 149, 1030);
    set(HIGH, "maple_range_64", 1, 0, OBJECT + 128);
  }

  private List<Long> entries() {
    List<Long> entries = new ArrayList<>();
    for (long entry; (entry = cursor.next()) != 0; ) {
      entries.add(entry);
    }
    return entries;
  }

  @Test
  void entriesComeInOrder() {
    twoLevels();
    cursor.start(TREE);
    assertThat(entries()).containsExactly(OBJECT, OBJECT + 64, OBJECT + 128);
    assertThat(cursor.next()).isZero();
  }

  @Test
  void anEmptyTreeHasNoEntries() {
    root(0);
    cursor.start(TREE);
    assertThat(entries()).isEmpty();
  }

  @Test
  void oneEntryNeedsNoNode() {
    root(OBJECT);
    cursor.start(TREE);
    assertThat(entries()).containsExactly(OBJECT);
  }

  @Test
  void aNodeBelowItselfIsLeft() {
    twoLevels();
    set(ROOT, "maple_arange_64", 1, -1, pointer(ROOT, ARANGE));
    cursor.start(TREE);
    assertThat(cursor.next()).isEqualTo(OBJECT);
    assertThat(cursor.next()).isEqualTo(OBJECT + 64);
    assertThatThrownBy(cursor::next)
        .isInstanceOf(BrokenException.class)
        .hasMessageContaining("has a limit outside of its range");
    assertThat(cursor.next()).isZero();
  }

  @Test
  void aNodeThatIsItsOwnFirstChildIsLeft() {
    root(pointer(ROOT, ARANGE) | 2);
    set(ROOT, "maple_arange_64", 0, -1, pointer(ROOT, ARANGE));
    cursor.start(TREE);
    assertThatThrownBy(cursor::next)
        .isInstanceOf(BrokenException.class)
        .hasMessageContaining("is too deep in its tree");
    assertThat(cursor.next()).isZero();
  }

  @Test
  void whatComesAfterABrokenNodeIsMet() {
    twoLevels();
    set(ROOT, "maple_arange_64", 0, 99, pointer(LOW, 9));
    cursor.start(TREE);
    assertThatThrownBy(cursor::next)
        .isInstanceOf(BrokenException.class)
        .hasMessageContaining("is of unknown type 9");
    assertThat(entries()).containsExactly(OBJECT + 128);
  }
}
