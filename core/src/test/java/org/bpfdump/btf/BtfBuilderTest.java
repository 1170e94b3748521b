// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteOrder;
import java.util.Collections;
import java.util.List;
import org.bpfdump.error.MalformedException;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BtfBuilderTest {
  private static List<String> kernels() {
    return KernelBtf.names();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyTypeOfAKernelIsTheSameWrittenAndReadAgain(String kernel) {
    Btf btf = Btf.parse(KernelBtf.bytes(kernel));
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      BtfBuilder builder = new BtfBuilder(order);
      for (int id = 1; id < btf.size(); id++) {
        assertThat(builder.add(btf.type(id))).isEqualTo(id);
      }
      Btf again = builder.build();
      assertThat(again.order()).isEqualTo(order);
      assertSameTypes(again, btf);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void whatIsTakenOverStaysByteForByte(String kernel) {
    byte[] bytes = KernelBtf.bytes(kernel);
    assertThat(BtfBuilder.from(Btf.parse(bytes)).toBytes()).isEqualTo(bytes);
  }

  @Test
  void replacingAndAddingLeavesOtherIdsAndStringOffsets() {
    BtfBuilder first = new BtfBuilder();
    int line = first.addString("  return 0;");
    int number = first.add(integer("int", 4));
    int extern = first.add(new BtfType.Var("answer", number, BtfType.Linkage.EXTERN));

    BtfBuilder builder = BtfBuilder.from(first.build());
    assertThat(builder.type(extern)).isEqualTo(first.type(extern));
    BtfType.Var global = new BtfType.Var("answer", number, BtfType.Linkage.GLOBAL);
    builder.set(extern, global);
    assertThat(builder.type(extern)).isEqualTo(global);
    BtfType.Datasec section =
        new BtfType.Datasec(".ksyms", 4, List.of(new BtfType.Variable(extern, 0, 4)));
    int added = builder.add(section);
    assertThat(added).isEqualTo(3);

    Btf built = builder.build();
    assertThat(built.type(number)).isEqualTo(integer("int", 4));
    assertThat(built.type(extern)).isEqualTo(global);
    assertThat(built.type(added)).isEqualTo(section);
    assertThat(built.string(line)).isEqualTo("  return 0;");
    assertThat(built.size()).isEqualTo(4);
  }

  @Test
  void stringsAreKeptOnce() {
    BtfBuilder builder = new BtfBuilder();
    int offset = builder.addString("alpha");
    builder.add(new BtfType.Fwd("alpha", false));
    builder.add(new BtfType.Fwd("beta", true));
    assertThat(builder.addString("alpha")).isEqualTo(offset);
    assertThat(builder.addString("")).isZero();
    // header, two records of twelve bytes, and "", "alpha", "beta" with their NULs
    assertThat(builder.toBytes()).hasSize(24 + 24 + 1 + 6 + 5);
    Btf again = builder.build();
    assertThat(BtfBuilder.from(again).addString("alpha")).isEqualTo(offset);
  }

  @Test
  void splitBtfContinuesItsBase() {
    BtfBuilder whole = new BtfBuilder();
    int number = whole.add(integer("int", 4));
    Btf base = whole.build();

    BtfBuilder module = BtfBuilder.split(base);
    int pointer = module.add(new BtfType.Ptr(number));
    int alias = module.add(new BtfType.Typedef("handle", pointer));
    assertThat(module.type(number)).isEqualTo(integer("int", 4));
    Btf split = module.build();
    assertThat(split.firstId()).isEqualTo(2);
    assertThat(split.base()).contains(base);
    assertThat(split.name(alias)).isEqualTo("handle");
    assertThat(split.name(number)).isEqualTo("int");
    assertThat(split.sizeOf(alias)).isEqualTo(8);

    BtfBuilder more = BtfBuilder.from(split);
    int added = more.add(new BtfType.Typedef("handle_t", alias));
    Btf longer = more.build();
    assertThat(added).isEqualTo(4);
    assertThat(longer.resolve(added)).isEqualTo(pointer);
    assertThat(longer.name(alias)).isEqualTo("handle");
    assertThatThrownBy(() -> more.set(number, new BtfType.Ptr(0)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void whatTheFormatCannotHoldIsRefused() {
    refused(
        new BtfType.Enum("e", 4, false, List.of(new BtfType.Enumerator("E", -1))), "E does not");
    refused(
        new BtfType.Enum("e", 4, true, List.of(new BtfType.Enumerator("E", 1L << 31))),
        "E does not");
    refused(
        new BtfType.Struct("s", 1 << 22, List.of(new BtfType.Member("m", 1, 1 << 24, 1))),
        "bit offset");
    refused(
        new BtfType.FuncProto(0, Collections.nCopies(0x1000000, new BtfType.Parameter("", 1))),
        "16777216 members");
    refused(new BtfType.Fwd("a\0b", false), "NUL");
    assertThatThrownBy(() -> new BtfBuilder().add(new BtfType.Unknown("x", 33)))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> new BtfBuilder().set(1, new BtfType.Ptr(0)))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> new BtfBuilder().type(1)).isInstanceOf(MalformedException.class);
  }

  private static void refused(BtfType type, String why) {
    BtfBuilder builder = new BtfBuilder();
    builder.add(type);
    assertThatThrownBy(builder::toBytes)
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  private static BtfType.Int integer(String name, int size) {
    return new BtfType.Int(name, size, 0, size * 8, true, false, false);
  }

  private static void assertSameTypes(Btf actual, Btf expected) {
    assertThat(actual.size()).isEqualTo(expected.size());
    for (int id = 0; id < expected.size(); id++) {
      if (!actual.type(id).equals(expected.type(id))) {
        assertThat(actual.type(id)).as("type %d", id).isEqualTo(expected.type(id));
      }
    }
  }
}
