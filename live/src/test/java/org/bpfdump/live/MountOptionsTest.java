// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bpfdump.error.RequestException;
import org.junit.jupiter.api.Test;

class MountOptionsTest {
  private static MountOptions parse(String list) {
    return MountOptions.parse(list, false);
  }

  @Test
  void whatIsForOthersSaysNothing() {
    for (String list :
        new String[] {
          "",
          "defaults",
          "auto,noauto,nofail,_netdev,user,users,owner,group,async,silent",
          "x-systemd.automount,X-mount.mkdir=0755,comment=a b,user=me"
        }) {
      assertThat(parse(list)).as(list).isEqualTo(MountOptions.DEFAULTS);
    }
  }

  @Test
  void theLaterOfTwoCounts() {
    assertThat(parse("ro,rw").readOnly()).isFalse();
    assertThat(parse("defaults,rw,ro").readOnly()).isTrue();
    assertThat(parse("noatime,strictatime").toClear()).isEqualTo(0x70);
    assertThat(parse("noatime,strictatime").set()).isEqualTo(0x20);
    assertThat(parse("noatime,relatime").set()).isZero();
  }

  @Test
  void aNewMountLetsNothingBeExecutedUnlessItIsAskedTo() {
    assertThat(parse("rw").forNew().set()).isEqualTo(0x2 | 0x4 | 0x8);
    assertThat(parse("ro,exec").forNew().set()).isEqualTo(0x1 | 0x2 | 0x4);
    assertThat(parse("remount,ro").set()).isEqualTo(0x1);
  }

  @Test
  void whatNobodyKnowsIsRefusedUnlessToldNotTo() {
    for (String list : new String[] {"bogus", "ro,mode=0700", "loop", "bind", "private", "RO"}) {
      assertThatThrownBy(() -> parse(list))
          .as(list)
          .isInstanceOf(RequestException.class)
          .hasMessageContaining("unknown mount option " + list.replace("ro,", ""));
    }
    assertThat(MountOptions.parse("bogus,ro", true)).isEqualTo(parse("ro"));
  }
}
