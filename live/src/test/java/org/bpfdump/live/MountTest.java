// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MountTest {
  @Test
  void aLineIsReadWhateverItHas() {
    String text =
        """
        22 1 253:1 / / rw,relatime shared:1 master:2 - ext4 /dev/vda1 rw
        30 22 0:29 / /mnt/a\\040b\\134c ro,nosuid - bpf bpf rw,mode=700
        31 22 0:300 /sub /mnt/gr\u00c3\u00b6n rw - bpf none ro
        32 22 0:31 / /short rw - bpf
        """;

    assertThat(Mount.parse(text))
        .containsExactly(
            new Mount(0xfd01, "/", Path.of("/"), false, "ext4", "/dev/vda1"),
            new Mount(29, "/", Path.of("/mnt/a b\\c"), true, "bpf", "bpf"),
            new Mount(0x10002c, "/sub", Path.of("/mnt/grön"), true, "bpf", "none"));
  }
}
