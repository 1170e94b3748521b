// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.bpfdump.live.NamespaceMounts.Mount;
import org.junit.jupiter.api.Test;

class NamespaceMountsTest {
  @Test
  void networkNamespacesAreTakenOutOfAllMounts() {
    String mountinfo =
        """
        22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
        90 22 0:4 net:[4026532210] /run/netns/a rw shared:3 - nsfs nsfs rw
        91 22 0:4 mnt:[4026532211] /run/snapd/ns/x rw - nsfs nsfs rw
        92 22 0:4 net:[4026532212] /tmp/with\\040blank\\134 rw - nsfs nsfs rw
        93 22 0:4 net:[no] /x
        cut sh
        """;
    assertThat(NamespaceMounts.parse(mountinfo))
        .containsExactly(
            new Mount(4026532210L, "/run/netns/a"), new Mount(4026532212L, "/tmp/with blank\\"));
  }

  @Test
  void aNumberThatIsNoneIsThatOfNoNamespace() {
    assertThat(NamespaceMounts.parse("9 2 0:4 net:[99999999999999999999] /x\\9\\04 rw -\n"))
        .containsExactly(new Mount(0, "/x\\9\\04"));
  }
}
