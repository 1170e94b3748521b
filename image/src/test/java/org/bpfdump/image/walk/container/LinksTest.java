// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.MemoryFaultException;
import org.junit.jupiter.api.Test;

/** Lists show each node once, whatever they link to. */
class LinksTest {
  private static final long HEAD = 0xffff_8880_0000_1000L;
  private static final long A = HEAD + 0x100;
  private static final long B = HEAD + 0x200;
  private static final long C = HEAD + 0x300;
  private static final long NOWHERE = 0xffff_c900_0000_0000L;
  private static final long NULLS = 0x17;

  private final WrittenMemory written = new WrittenMemory();
  private final ListCursor list = new ListCursor(written.view());
  private final ChainCursor chain = new ChainCursor(written.view());

  /** A link, and the pointer back. */
  private void link(long from, long to) {
    written.put(from, to);
    written.put(to + 8, from);
  }

  private static List<Long> nodes(Links cursor) {
    List<Long> nodes = new ArrayList<>();
    for (long node; (node = cursor.next()) != 0; ) {
      nodes.add(node);
    }
    return nodes;
  }

  /** The nodes before it turns out to be broken. */
  private static List<Long> nodesUntil(Links cursor, String message) {
    List<Long> nodes = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              for (long node; (node = cursor.next()) != 0; ) {
                nodes.add(node);
              }
            })
        .isInstanceOf(BrokenException.class)
        .hasMessageContaining(message);
    assertThat(cursor.next()).as("the end, after the exception").isZero();
    return nodes;
  }

  @Test
  void aListEndsAtItsHead() {
    link(HEAD, A);
    link(A, B);
    link(B, HEAD);
    list.start(HEAD);
    assertThat(nodes(list)).containsExactly(A, B);
    assertThat(list.next()).isZero();
  }

  @Test
  void anEmptyListHasNoNodes() {
    link(HEAD, HEAD);
    list.start(HEAD);
    assertThat(nodes(list)).isEmpty();
  }

  @Test
  void aCursorIsUsedForOneListAfterTheOther() {
    link(HEAD, A);
    link(A, HEAD);
    link(B, C);
    link(C, B);
    list.start(HEAD);
    assertThat(nodes(list)).containsExactly(A);
    list.start(B);
    assertThat(nodes(list)).containsExactly(C);
  }

  @Test
  void aChainEndsAtNullAndAtAnOddPointer() {
    link(HEAD, A);
    link(A, B);
    written.put(B, 0);
    chain.start(HEAD);
    assertThat(nodes(chain)).containsExactly(A, B);
    written.put(B, NULLS);
    chain.start(HEAD);
    assertThat(nodes(chain)).containsExactly(A, B);
  }

  @Test
  void aLoopIsFoundBeforeANodeIsShownTwice() {
    link(HEAD, A);
    link(A, B);
    link(B, C);
    written.put(C, B);
    list.start(HEAD);
    assertThat(nodesUntil(list, "the list at 0xffff888000001000 loops")).containsExactly(A, B, C);
    chain.start(HEAD);
    assertThat(nodesUntil(chain, "the hash chain at 0xffff888000001000 loops"))
        .containsExactly(A, B, C);
  }

  @Test
  void aLoopOfOneNodeIsFound() {
    link(HEAD, A);
    written.put(A, A);
    list.start(HEAD);
    assertThat(nodesUntil(list, "loops")).containsExactly(A);
  }

  @Test
  void aLoopThatPointsBackIntoItselfIsFound() {
    link(HEAD, A);
    link(A, B);
    link(B, C);
    link(C, A); // A points back to C now, not to the head
    list.start(HEAD);
    assertThat(nodesUntil(list, "loops")).containsExactly(A, B, C);
  }

  @Test
  void aListInTheMiddleOfAnUpdateGoesOn() {
    link(HEAD, A);
    link(A, B);
    link(B, HEAD);
    written.put(B + 8, C); // was C's neighbour a moment ago
    list.start(HEAD);
    assertThat(nodes(list)).containsExactly(A, B);
  }

  @Test
  void aListOfManyNodesThatDoNotPointBackEnds() {
    int count = 100_000;
    written.put(HEAD, A);
    for (int i = 0; i < count; i++) {
      written.put(A + 16L * i, i == count - 1 ? HEAD : A + 16L * (i + 1));
    }
    list.start(HEAD);
    assertThat(nodesUntil(list, "does not point back")).hasSizeLessThan(count).isNotEmpty();
  }

  @Test
  void aListThatLeadsOutOfMemoryHasTheNodesBefore() {
    link(HEAD, A);
    written.put(A, NOWHERE);
    list.start(HEAD);
    assertThat(list.next()).isEqualTo(A);
    assertThatThrownBy(list::next)
        .isInstanceOf(MemoryFaultException.class)
        .hasMessage("no memory at 0xffffc90000000008 in this image");
    assertThat(list.next()).isZero();
  }

  @Test
  void aPointerThatCannotBeANodeIsNone() {
    link(HEAD, A);
    written.put(A, B + 4);
    list.start(HEAD);
    assertThat(nodesUntil(list, "leads to 0xffff888000001204")).containsExactly(A);
  }
}
