// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.cgroup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.SyntheticKernel;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Parameter.Order;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Cgroups in every order, in a tree laid out for the test by the types of real kernels. */
class CgroupTargetTest {
  private static final int ONLINE = 2;

  static Stream<Btf> kernels() {
    return Stream.of(
        TestImages.shared("6.1").btf(),
        TestImages.shared("7.2").btf(),
        Btf.parse(KernelBtf.bytes("7.3")));
  }

  /**
   * A tree:
   *
   * <pre>
   * /       1
   * /a      2
   * /a/x    3
   * /a/y    4, dead
   * /b      5
   * </pre>
   */
  private static final class Tree {
    final SyntheticKernel kernel;
    final Map<Long, Long> ids = new HashMap<>();

    Tree(Btf btf) {
      kernel = new SyntheticKernel(btf);
      long root = kernel.at("cgroup_root", "cgrp", kernel.root(Root.CGRP_DFL_ROOT));
      cgroup(root, 0, 1, "", true);
      long a = cgroup(kernel.make("cgroup"), root, 2, "a", true);
      long x = cgroup(kernel.make("cgroup"), a, 3, "x", true);
      long y = cgroup(kernel.make("cgroup"), a, 4, "y", false);
      long b = cgroup(kernel.make("cgroup"), root, 5, "b", true);
      children(root, a, b);
      children(a, x, y);
      children(x);
      children(y);
      children(b);
    }

    private long cgroup(long cgroup, long parent, long id, String name, boolean online) {
      long node = kernel.make("kernfs_node");
      kernel.set("kernfs_node", "id", node, id);
      kernel.set("kernfs_node", "name", node, kernel.string(name));
      kernel.set("cgroup", "kn", cgroup, node);
      kernel.set("cgroup", "self.flags", cgroup, online ? ONLINE : 0);
      kernel.set(
          "cgroup", "self.parent", cgroup, parent == 0 ? 0 : kernel.at("cgroup", "self", parent));
      ids.put(cgroup, id);
      return cgroup;
    }

    long of(long id) {
      return ids.entrySet().stream()
          .filter(entry -> entry.getValue() == id)
          .findFirst()
          .orElseThrow()
          .getKey();
    }

    void children(long cgroup, Long... children) {
      kernel.list(
          kernel.at("cgroup", "self.children", cgroup),
          Stream.of(children).map(child -> kernel.at("cgroup", "self.sibling", child)).toList());
    }

    /** The ids that a pass shows with their sequence numbers, and as 0 the last call. */
    Map<Long, Integer> pass(Walks walks, Parameter parameter) {
      Map<Long, Integer> shown = new LinkedHashMap<>();
      Walk walk = walks.open("cgroup", parameter);
      int[] number = {-1};
      walks.rows(
          walk,
          row -> {
            number[0] += walk.taken();
            return shown.put(ids.get(row[0]), number[0]);
          });
      shown.put(0L, number[0] + walk.trailing());
      return shown;
    }

    List<Long> shown(Parameter parameter) {
      Walks walks = new Walks(kernel);
      List<Long> shown = new ArrayList<>(pass(walks, parameter).keySet());
      assertThat(walks.notes()).isEmpty();
      shown.removeLast();
      return shown;
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyOrderIsTheKernels(Btf btf) {
    Tree tree = new Tree(btf);
    assertThat(tree.shown(new Parameter.None())).containsExactly(1L, 2L, 3L, 5L);
    assertThat(tree.shown(new Parameter.CgroupId(0, Order.DESCENDANTS_PRE)))
        .containsExactly(1L, 2L, 3L, 5L);
    assertThat(tree.shown(new Parameter.CgroupId(0, Order.DESCENDANTS_POST)))
        .containsExactly(3L, 2L, 5L, 1L);
    assertThat(tree.shown(new Parameter.CgroupId(3, Order.ANCESTORS_UP)))
        .containsExactly(3L, 2L, 1L);
    assertThat(tree.shown(new Parameter.CgroupId(2, Order.SELF_ONLY))).containsExactly(2L);
    assertThat(tree.shown(new Parameter.CgroupId(1, Order.CHILDREN))).containsExactly(2L, 5L);
    assertThat(tree.shown(new Parameter.CgroupId(2, Order.DESCENDANTS_POST)))
        .containsExactly(3L, 2L);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void deadOnesAreNumberedAndNotShown(Btf btf) {
    Tree tree = new Tree(btf);
    Walks walks = new Walks(tree.kernel);
    assertThat(tree.pass(walks, new Parameter.None()))
        .containsExactlyEntriesOf(numbered(1, 0, 2, 1, 3, 2, 5, 4, 0, 4));
    assertThat(tree.pass(walks, new Parameter.CgroupId(2, Order.CHILDREN)))
        .containsExactlyEntriesOf(numbered(3, 0, 0, 1));
  }

  private static Map<Long, Integer> numbered(int... pairs) {
    Map<Long, Integer> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((long) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void cgroupsAreFoundByPath(Btf btf) {
    Tree tree = new Tree(btf);
    for (String path : List.of("/a/x", "a/x", "/sys/fs/cgroup/a/x", "/sys/fs/cgroup/unified/a/x")) {
      assertThat(tree.shown(new Parameter.CgroupPath(Path.of(path), Order.SELF_ONLY)))
          .containsExactly(3L);
    }
    for (String path : List.of("/", "/sys/fs/cgroup")) {
      assertThat(tree.shown(new Parameter.CgroupPath(Path.of(path), Order.SELF_ONLY)))
          .containsExactly(1L);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void onesThatAreNotThereAreRefusedByName(Btf btf) {
    Tree tree = new Tree(btf);
    assertThatThrownBy(() -> admit(tree, new Parameter.CgroupId(77, Order.SELF_ONLY)))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("77");
    // Number 4 is dead.
    assertThatThrownBy(() -> admit(tree, new Parameter.CgroupId(4, Order.SELF_ONLY)))
        .isInstanceOf(RequestException.class);
    assertThatThrownBy(
            () -> admit(tree, new Parameter.CgroupPath(Path.of("/a/z"), Order.SELF_ONLY)))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("/a/z")
        .hasMessageContaining("no z");
  }

  private static void admit(Tree tree, Parameter parameter) {
    Walks.target("cgroup").admit(tree.kernel, tree.kernel.memory(), parameter);
  }

  @Test
  void aChildOfAnotherCgroupIsNotedAndLeftOut() {
    Tree tree = new Tree(TestImages.shared("7.2").btf());
    // The list of /b's children leads to one of /a's: a tree no longer.
    tree.children(tree.of(5), tree.of(3));
    Walks walks = new Walks(tree.kernel);
    assertThat(tree.pass(walks, new Parameter.None()).keySet()).contains(1L, 2L, 5L);
    assertThat(walks.notes()).anyMatch(note -> note.contains("does not point at its parent"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void anImageHasTheRootOfItsHierarchyWithTheIdThatTheKernelGivesIt(String image) {
    Snapshot snapshot = TestImages.shared(image);
    Walks walks = new Walks(snapshot);
    List<Long> shown = walks.rows(walks.open("cgroup", new Parameter.None()), row -> row[0]);
    assertThat(shown)
        .first()
        .isEqualTo(
            snapshot.types().field("cgroup_root", "cgrp").at(snapshot.root(Root.CGRP_DFL_ROOT)));
    assertThat(walks.get("kernfs_node", "id", walks.get("cgroup", "kn", shown.getFirst())))
        .isEqualTo(1);
    assertThat(walks.notes()).isEmpty();
  }
}
