// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.bpfdump.btf.BtfBuilder;
import org.bpfdump.btf.BtfType;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.junit.jupiter.api.Test;

/** A map reads as the kernel's types have one, also where these are broken. */
class HandlesTest {
  private static final int SIZE = 80;
  private static final MapSpec MAP =
      new MapSpec(
          "sixteen_letters_",
          2,
          4,
          8,
          3,
          0,
          -1,
          0,
          false,
          0,
          0,
          Optional.empty(),
          new MapContents.Empty());

  private static byte[] handle(int widthOfId, int lengthOfName) {
    BtfBuilder btf = new BtfBuilder();
    int letter = btf.add(new BtfType.Int("char", 1, 0, 8, true, false, false));
    int type = btf.add(new BtfType.Int("u32", 4, 0, 32, false, false, false));
    int id = btf.add(new BtfType.Int("id", widthOfId, 0, 8 * widthOfId, false, false, false));
    int name = btf.add(new BtfType.Array(letter, type, lengthOfName));
    List<BtfType.Member> members =
        List.of(
            new BtfType.Member("map_type", type, 0, 0),
            new BtfType.Member("name", name, 8 * (SIZE - widthOfId - lengthOfName), 0),
            new BtfType.Member("id", id, 8 * (SIZE - widthOfId), 0));
    btf.add(new BtfType.Struct("bpf_map", SIZE, members));
    return new Handles(new Types(btf.build())).of(MAP, 7);
  }

  @Test
  void membersAreWhereTypesHaveThem() {
    ByteBuffer map = ByteBuffer.wrap(handle(4, 16)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(map.getInt(0)).isEqualTo(2);
    assertThat(map.getInt(SIZE - 4)).isEqualTo(7);
    assertThat(new String(map.array(), SIZE - 20, 16, StandardCharsets.US_ASCII))
        .isEqualTo("sixteen_letters\0");
  }

  @Test
  void membersThatAreTooSmallStayEmpty() {
    byte[] map = handle(1, 8);
    assertThat(map).hasSize(SIZE);
    assertThat(map[SIZE - 1]).isZero();
    assertThat(map[SIZE - 2]).isZero();
  }
}
