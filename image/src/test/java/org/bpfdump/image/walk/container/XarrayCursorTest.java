// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfBuilder;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Test;

/** Xarrays and idrs give their entries in order, and no more than there are. */
class XarrayCursorTest {
  private static final Types TYPES = new Types(Btf.parse(KernelBtf.bytes("7.3")));
  private static final long IDR = 0xffff_8880_0000_0000L;
  private static final long ROOT = IDR + 0x1000;
  private static final long LOW = IDR + 0x2000;
  private static final long HIGH = IDR + 0x3000;
  private static final long OBJECT = IDR + 0x4000;
  private static final long RETRY = 1026;

  private final WrittenMemory written = new WrittenMemory();
  private final XarrayCursor cursor = new XarrayCursor(TYPES, written.view());

  private void head(long entry) {
    written.put(TYPES.field("idr", "idr_rt.xa_head").at(IDR), entry);
  }

  private void node(long node, long parent, int offset, int shift) {
    written.putByte(TYPES.field("xa_node", "shift").at(node), shift);
    written.putByte(TYPES.field("xa_node", "offset").at(node), offset);
    written.put(TYPES.field("xa_node", "parent").at(node), parent);
  }

  private void slot(long node, int slot, long entry) {
    written.put(TYPES.field("xa_node", "slots").at(node) + 8L * slot, entry);
  }

  /** Entries 1, 63 and 64 + 5, the first level having 64. */
  private void twoLevels() {
    head(ROOT + 2);
    node(ROOT, 0, 0, 6);
    slot(ROOT, 0, LOW + 2);
    slot(ROOT, 1, HIGH + 2);
    node(LOW, ROOT, 0, 0);
    node(HIGH, ROOT, 1, 0);
    slot(LOW, 1, OBJECT);
    slot(LOW, 2, RETRY);
    slot(LOW, 63, OBJECT + 64);
    slot(HIGH, 5, OBJECT + 128);
  }

  private Map<Long, Long> entries() {
    Map<Long, Long> entries = new TreeMap<>();
    while (cursor.next()) {
      assertThat(entries.put(cursor.index(), cursor.entry())).as("met before").isNull();
    }
    return entries;
  }

  @Test
  void entriesHaveTheirIndices() {
    twoLevels();
    cursor.startIdr(IDR);
    assertThat(entries()).isEqualTo(Map.of(1L, OBJECT, 63L, OBJECT + 64, 64L + 5, OBJECT + 128));
    assertThat(cursor.next()).isFalse();
  }

  @Test
  void anEntryIsFoundByItsIndex() {
    twoLevels();
    Map<Long, Long> wanted =
        Map.of(1L, OBJECT, 69L, OBJECT + 128, 0L, 0L, 2L, 0L, 70L, 0L, 4096L, 0L, -1L, 0L);
    wanted.forEach((index, entry) -> {
      cursor.startIdr(IDR);
      assertThat(cursor.find(index)).as("entry %s", index).isEqualTo(entry);
    });
  }

  @Test
  void anIdrCanStartAtAnotherNumber() {
    twoLevels();
    written.put(TYPES.field("idr", "idr_base").at(IDR), 1);
    cursor.startIdr(IDR);
    assertThat(entries()).containsOnlyKeys(2L, 64L, 70L);
    cursor.startIdr(IDR);
    assertThat(cursor.find(2)).isEqualTo(OBJECT);
  }

  @Test
  void oneEntryNeedsNoNode() {
    head(OBJECT);
    cursor.startIdr(IDR);
    assertThat(entries()).isEqualTo(Map.of(0L, OBJECT));
    cursor.startIdr(IDR);
    assertThat(cursor.find(0)).isEqualTo(OBJECT);
  }

  @Test
  void anEmptyIdrHasNoEntries() {
    head(0);
    cursor.startIdr(IDR);
    assertThat(entries()).isEmpty();
  }

  @Test
  void aNodeIsNotVisitedAtASecondPlace() {
    twoLevels();
    slot(ROOT, 2, LOW + 2);
    slot(ROOT, 3, ROOT + 2);
    cursor.startIdr(IDR);
    for (int i = 0; i < 3; i++) {
      assertThat(cursor.next()).isTrue();
    }
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(cursor::next)
          .isInstanceOf(BrokenException.class)
          .hasMessageContaining("is not where its parent has it");
    }
    assertThat(cursor.next()).isFalse();
  }

  @Test
  void whatComesAfterABrokenNodeIsMet() {
    twoLevels();
    written.putByte(TYPES.field("xa_node", "shift").at(LOW), 12);
    cursor.startIdr(IDR);
    assertThatThrownBy(cursor::next).isInstanceOf(BrokenException.class);
    assertThat(entries()).isEqualTo(Map.of(64L + 5, OBJECT + 128));
  }

  @Test
  void nodesOfOneSlotAreRefused() {
    BtfBuilder btf = BtfBuilder.from(TYPES.btf());
    int id = TYPES.btf().findId("xa_node", BtfType.Struct.class);
    BtfType.Struct node = (BtfType.Struct) btf.type(id);
    List<BtfType.Member> members = new ArrayList<>(node.members());
    members.replaceAll(member -> {
      if (!member.name().equals("slots")) {
        return member;
      }
      BtfType.Array slots = (BtfType.Array) btf.type(member.type());
      int one = btf.add(new BtfType.Array(slots.element(), slots.index(), 1));
      return new BtfType.Member("slots", one, member.bitOffset(), 0);
    });
    btf.set(id, new BtfType.Struct("xa_node", node.size(), members));
    Types types = new Types(btf.build());
    assertThatThrownBy(() -> new XarrayCursor(types, written.view()))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("has 1 slots");
  }
}
