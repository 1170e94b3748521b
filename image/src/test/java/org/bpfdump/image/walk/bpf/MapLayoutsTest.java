// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.function.BiFunction;
import org.bpfdump.btf.Btf;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.image.walk.Buffers;
import org.bpfdump.image.walk.EmptyKernel;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Walks over what maps hold find what they walk by in the types of each kernel. */
class MapLayoutsTest {
  private static final long ADDRESS = 0xFFFF_8880_0000_0000L;

  @ParameterizedTest
  @ValueSource(strings = {"5.10", "6.1", "7.2", "7.3", "running"})
  void mapsOfEveryTypeAreWalked(String kernel) {
    Btf btf =
        TestImages.kernels().contains(kernel)
            ? TestImages.shared(kernel).btf()
            : Btf.parse(KernelBtf.bytes(kernel));
    for (int type :
        List.of(
            KernelMap.HASH,
            KernelMap.PERCPU_HASH,
            KernelMap.LRU_HASH,
            KernelMap.LRU_PERCPU_HASH,
            KernelMap.ARRAY,
            KernelMap.PERCPU_ARRAY)) {
      assertWalked(btf, type, BpfMapElemTarget.ElementWalk::new);
    }
    assertWalked(btf, KernelMap.SK_STORAGE, BpfSkStorageMapTarget.StorageWalk::new);
    assertWalked(btf, KernelMap.SOCKMAP, SockArrayWalk::new);
    assertWalked(btf, KernelMap.SOCKHASH, SockHashWalk::new);
  }

  /** A map that is not in memory is noted as such, and shown in the last call. */
  private static void assertWalked(
      Btf btf, int type, BiFunction<WalkContext, KernelMap, Walk> walks) {
    EmptyKernel kernel = new EmptyKernel(btf);
    Notes notes = new Notes();
    WalkContext context =
        new WalkContext(
            kernel,
            kernel.memory(),
            new Parameter.MapId(3),
            0,
            0,
            (size, _) -> new Buffers.Buffer(1, new byte[size]),
            notes);
    Walk walk = walks.apply(context, new KernelMap(ADDRESS, 3, "m", type, 4, 8, 1));
    long[] arguments = new long[Walks.MOST_ARGUMENTS];
    assertThat(walk.next(arguments)).isFalse();
    assertThat(notes.list()).singleElement().asString().startsWith("the elements of map 3: no mem");
    Arrays.fill(arguments, -1);
    assertThat(walk.last(arguments)).isTrue();
    assertThat(arguments).containsExactly(ADDRESS, 0, 0, 0);
  }
}
