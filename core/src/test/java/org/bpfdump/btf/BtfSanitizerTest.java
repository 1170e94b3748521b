// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class BtfSanitizerTest {
  private static final Set<BtfFeature> ALL = EnumSet.allOf(BtfFeature.class);
  private static final Set<BtfFeature> NONE = Set.of();

  private static List<String> kernels() {
    return KernelBtf.names();
  }

  @Test
  void eachLackingFeatureIsReplacedByWhatOlderKernelsKnow() {
    BtfBuilder builder = new BtfBuilder();
    int number = builder.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    int proto =
        builder.add(new BtfType.FuncProto(number, List.of(new BtfType.Parameter("ctx", number))));
    int function = builder.add(new BtfType.Func("dump", proto, BtfType.Linkage.GLOBAL));
    int variable = builder.add(new BtfType.Var("dump.count", number, BtfType.Linkage.STATIC));
    int section =
        builder.add(
            new BtfType.Datasec("?.data", 8, List.of(new BtfType.Variable(variable, 4, 4))));
    int real = builder.add(new BtfType.Float("double", 8));
    int declTag = builder.add(new BtfType.DeclTag("note", number, -1));
    int typeTag = builder.add(new BtfType.TypeTag("rcu", number));
    int wide =
        builder.add(
            new BtfType.Enum64("wide", 8, false, List.of(new BtfType.Enumerator("W", 1L << 40))));
    int signed =
        builder.add(new BtfType.Enum("sign", 4, true, List.of(new BtfType.Enumerator("S", -1))));
    Btf btf = builder.build();
    assertThat(BtfFeature.usedBy(btf))
        .isEqualTo(EnumSet.complementOf(EnumSet.of(BtfFeature.LAYOUT)));

    Btf plain = BtfSanitizer.sanitize(btf, NONE);
    assertThat(plain.type(number)).isEqualTo(btf.type(number));
    assertThat(plain.type(proto)).isEqualTo(new BtfType.Enum("", 4, false, List.of()));
    assertThat(plain.type(function)).isEqualTo(new BtfType.Typedef("dump", proto));
    assertThat(plain.type(variable))
        .isEqualTo(new BtfType.Int("dump.count", 1, 0, 8, false, false, false));
    assertThat(plain.type(section))
        .isEqualTo(
            new BtfType.Struct("__data", 8, List.of(new BtfType.Member("", variable, 32, 0))));
    assertThat(plain.type(real)).isEqualTo(new BtfType.Struct("", 8, List.of()));
    assertThat(plain.type(declTag))
        .isEqualTo(new BtfType.Int("note", 1, 0, 8, false, false, false));
    assertThat(plain.type(typeTag)).isEqualTo(new BtfType.Const(number));
    assertThat(plain.type(wide))
        .isEqualTo(
            new BtfType.Union("wide", 8, List.of(new BtfType.Member("W", btf.size(), 0, 0))));
    assertThat(plain.type(signed))
        .isEqualTo(
            new BtfType.Enum("sign", 4, false, List.of(new BtfType.Enumerator("S", 0xFFFFFFFFL))));
    assertThat(plain.size()).isEqualTo(btf.size() + 1);
    assertThat(BtfFeature.usedBy(plain)).isEmpty();

    Set<BtfFeature> linux55 = EnumSet.of(BtfFeature.FUNC, BtfFeature.DATASEC);
    Btf older = BtfSanitizer.sanitize(btf, linux55);
    assertThat(older.type(function))
        .isEqualTo(new BtfType.Func("dump", proto, BtfType.Linkage.STATIC));
    assertThat(older.type(variable)).isEqualTo(btf.type(variable));
    assertThat(older.name(section)).isEqualTo("_.data");
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void sanitisingKeepsIdsAndSizes(String kernel) {
    Btf btf = Btf.parse(KernelBtf.bytes(kernel));
    assertThat(BtfSanitizer.sanitize(btf, ALL)).isSameAs(btf);
    Btf plain = BtfSanitizer.sanitize(btf, NONE);
    assertThat(BtfFeature.usedBy(plain)).isEmpty();
    for (int id = 1; id < btf.size(); id++) {
      BtfType type = btf.type(id);
      if (type instanceof BtfType.Composite || type instanceof BtfType.Enumeration) {
        assertThat(plain.sizeOf(id)).isEqualTo(btf.sizeOf(id));
        assertThat(plain.name(id)).isEqualTo(btf.name(id));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(BtfFeature.class)
  void aProbeUsesItsFeature(BtfFeature feature) {
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      Btf probe = Btf.parse(feature.probe(order));
      assertThat(probe.order()).isEqualTo(order);
      Set<BtfFeature> used = BtfFeature.usedBy(probe);
      assertThat(used).contains(feature);
      assertThat(BtfFeature.usedBy(BtfSanitizer.sanitize(probe, NONE))).isEmpty();
    }
  }

  @Test
  void aKindWithoutReplacementIsRefused() {
    byte[] bytes = BtfFeature.LAYOUT.probe(ByteOrder.LITTLE_ENDIAN);
    byte[] more = new byte[bytes.length + 4]; // a table entry for kind 20
    int layoutAt = 32 + 16;
    int stringsAt = layoutAt + 20 * 4;
    System.arraycopy(bytes, 0, more, 0, stringsAt);
    System.arraycopy(bytes, stringsAt, more, stringsAt + 4, bytes.length - stringsAt);
    more[16] = (byte) (more[16] + 4); // str_off
    more[28] = (byte) (more[28] + 4); // layout_len
    more[stringsAt] = 4;
    more[32 + 7] = 20;
    Btf btf = Btf.parse(more);
    assertThat(btf.type(1)).isInstanceOf(BtfType.Unknown.class);
    assertThat(BtfSanitizer.sanitize(btf, ALL)).isSameAs(btf);
    assertThatThrownBy(() -> BtfSanitizer.sanitize(btf, NONE))
        .isInstanceOf(UnsupportedException.class);
  }
}
