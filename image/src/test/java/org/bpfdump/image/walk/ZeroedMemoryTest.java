// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.image.TestImages;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every member that a walk reads is there in the types of every kernel that has the target. */
class ZeroedMemoryTest {
  private static final List<String> TARGETS =
      List.of(
          "tcp", "udp", "unix", "netlink", "ipv6_route", "cgroup", "kmem_cache", "dmabuf", "ksym");

  static Stream<Arguments> kernelsAndTargets() {
    return Stream.concat(KernelBtf.names().stream(), TestImages.kernels().stream())
        .filter(kernel -> !kernel.equals("running") || Files.isReadable(KernelBtf.VMLINUX))
        .flatMap(ZeroedMemoryTest::targets);
  }

  /** The targets that a kernel has, or has what they show. */
  private static Stream<Arguments> targets(String kernel) {
    Btf btf =
        TestImages.kernels().contains(kernel)
            ? TestImages.shared(kernel).btf()
            : Btf.parse(KernelBtf.bytes(kernel));
    return TARGETS.stream()
        .filter(target -> btf.findId(object(target), BtfType.Struct.class) != 0)
        .map(target -> Arguments.of(kernel, target, btf));
  }

  /** What an iterator shows, or the kernel had before it had the iterator. */
  private static String object(String target) {
    return switch (target) {
      case "dmabuf" -> "dma_buf";
      case "unix" -> "unix_sock";
      default -> "bpf_iter__" + target;
    };
  }

  @ParameterizedTest(name = "{1} of {0}")
  @MethodSource("kernelsAndTargets")
  void aPassOverZeroedMemoryEndsWithoutAnObject(String kernel, String target, Btf btf) {
    Walks walks = new Walks(new SyntheticKernel(btf));
    Walk walk = walks.open(target, new Parameter.None());
    assertThat(walks.rows(walk, row -> row[0])).isEmpty();
  }
}
