// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every target that a kernel has finds what it walks by in that kernel's types: the walks of an
 * image without memory open, and end.
 */
class LayoutsTest {
  private static final Set<String> OF_MAPS =
      Set.of("bpf_map_elem", "bpf_sk_storage_map", "sockmap");

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "6.1", "7.2", "7.3"})
  void everyTargetOfAKernelIsWalked(String kernel) {
    Btf btf =
        TestImages.kernels().contains(kernel)
            ? TestImages.shared(kernel).btf()
            : Btf.parse(KernelBtf.bytes(kernel));
    Snapshot empty = new EmptyKernel(btf);
    Set<String> opened = new TreeSet<>();
    for (ImageTarget target : ServiceLoader.load(ImageTarget.class)) {
      if (isIn(btf, target) && !OF_MAPS.contains(target.name())) {
        assertThat(notes(empty, target)).as(target.name()).isNotEmpty();
        opened.add(target.name());
      }
    }
    assertThat(opened).contains("task", "task_file", "bpf_map", "bpf_prog", "tcp", "netlink");
  }

  private static boolean isIn(Btf btf, ImageTarget target) {
    return btf.findId("bpf_iter__" + target.name(), BtfType.Struct.class) != 0;
  }

  private static List<String> notes(Snapshot snapshot, ImageTarget target) {
    Notes notes = new Notes();
    Walk walk = target.open(context(snapshot, notes));
    assertThat(walk.next(new long[Walks.MOST_ARGUMENTS])).isFalse();
    return notes.list();
  }

  private static WalkContext context(Snapshot snapshot, Notes notes) {
    return new WalkContext(
        snapshot,
        snapshot.memory(),
        new Parameter.None(),
        snapshot.root(Root.INIT_NET),
        snapshot.root(Root.INIT_PID_NS),
        (size, _) -> new Buffers.Buffer(1, new byte[size]),
        notes);
  }
}
