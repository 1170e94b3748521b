// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bpfdump.btf.Btf;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.TestImages;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class KernelBtfTest {
  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void isAsLongAsTheGuestSaid(String kernel) {
    String truth = TestImages.truth(kernel).file("/tmp/gt/bpftool_btf.json").get(0);
    assertThat(truth)
        .contains(
            "\"size\":"
                + TestImages.shared(kernel).btf().toBytes().length
                + ",\"prog_ids\":[],\"map_ids\":[],\"kernel\":true,\"name\":\"vmlinux\"");
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void isFoundWithoutSymbolsToo(String kernel) {
    Snapshot snapshot = TestImages.shared(kernel);
    Architecture architecture = Architecture.of(snapshot.file(), snapshot.vmcoreinfo());
    Btf found = new KernelBtf(snapshot.memory(), new NoSymbols(), architecture.image()).read();
    assertThat(found.toBytes()).isEqualTo(snapshot.btf().toBytes());
  }

  @Test
  void isSaidToBeMissingWhereItIs() {
    Snapshot snapshot = TestImages.shared("6.1");
    Architecture.Range nothing = new Architecture.Range(0, 1 << 20);
    KernelBtf btf = new KernelBtf(snapshot.memory(), new NoSymbols(), nothing);
    assertThatThrownBy(btf::read)
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("no BTF was found");
  }
}
