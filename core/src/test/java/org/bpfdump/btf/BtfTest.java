// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.bpfdump.error.MalformedException;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BtfTest {
  @TempDir Path dir;

  private static List<String> kernels() {
    return KernelBtf.names();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyTypeOfAKernelIsWhatBpftoolSeesInIt(String kernel) throws IOException {
    Path bpftool = Path.of("/usr/sbin/bpftool");
    Assumptions.assumeTrue(Files.isExecutable(bpftool), () -> "no " + bpftool);
    Path file = Files.write(dir.resolve("btf"), KernelBtf.bytes(kernel));
    String[] theirs =
        Exec.of(bpftool.toString(), "btf", "dump", "file", file.toString(), "format", "raw")
            .run()
            .ok()
            .out()
            .split("(?<=\n)(?=\\[)");
    Btf btf = Btf.read(file);
    assertThat(btf.size() - 1).isEqualTo(theirs.length);
    for (int id = 1; id < btf.size(); id++) {
      String ours = RawDump.of(btf, id);
      if (!ours.equals(theirs[id - 1])) {
        assertThat(ours).isEqualTo(theirs[id - 1]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyNamedTypeIsFoundByItsName(String kernel) {
    Btf btf = Btf.parse(KernelBtf.bytes(kernel));
    for (int id = 1; id < btf.size(); id++) {
      BtfType type = btf.type(id);
      if (!type.name().isEmpty()) {
        assertThat(btf.name(id)).isEqualTo(type.name());
        // the first of the name and kind: itself or one before it
        int found = btf.findId(type.name(), type.getClass());
        assertThat(found).isBetween(1, id);
        assertThat(btf.name(found)).isEqualTo(type.name());
        assertThat(btf.type(found)).isInstanceOf(type.getClass());
        if (!(type instanceof BtfType.Func)) {
          assertThat(btf.candidates(Btf.essentialName(type.name()))).contains(id);
        }
      } else {
        assertThat(btf.name(id)).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void enumerationsAreFoundByTheirEnumerators(String kernel) {
    Btf btf = Btf.parse(KernelBtf.bytes(kernel));
    Map<String, Set<Integer>> holders = new TreeMap<>();
    for (int id = 1; id < btf.size(); id++) {
      if (btf.type(id) instanceof BtfType.Enumeration enumeration) {
        for (BtfType.Enumerator value : enumeration.values()) {
          holders.computeIfAbsent(value.name(), _ -> new TreeSet<>()).add(id);
        }
      }
    }
    assertThat(holders).hasSizeGreaterThan(1000);
    int i = 0;
    for (Map.Entry<String, Set<Integer>> holder : holders.entrySet()) {
      if (i++ % 50 == 0) {
        assertThat(btf.withEnumerator(holder.getKey()))
            .containsExactly(holder.getValue().toArray(Integer[]::new));
        assertThat(btf.withEnumerator(holder.getKey() + "_NO_SUCH")).isEmpty();
      }
    }
    Set<Integer> states = new TreeSet<>();
    holders.forEach((name, ids) -> {
      if (name.startsWith("TCP_")) {
        states.addAll(ids);
      }
    });
    assertThat(btf.withEnumerators("TCP_")).containsExactly(states.toArray(Integer[]::new));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void typesOfAKindAreFoundByHowTheirNamesBegin(String kernel) {
    Btf btf = Btf.parse(KernelBtf.bytes(kernel));
    int[] expected =
        Arrays.stream(btf.ofKind(Kind.FUNC))
            .filter(id -> btf.name(id).startsWith("bpf_iter_"))
            .toArray();
    assertThat(expected).isNotEmpty();
    assertThat(btf.ofKind(Kind.FUNC, "bpf_iter_")).isEqualTo(expected);
  }

  @Test
  void namesAreFoundInAnyFlavourOrExactly() {
    BtfBuilder builder = new BtfBuilder();
    int plain = builder.add(new BtfType.Struct("file", 8, List.of()));
    int flavour = builder.add(new BtfType.Struct("file___old", 8, List.of()));
    int two = builder.add(new BtfType.Struct("file___old___2", 8, List.of()));
    int longer = builder.add(new BtfType.Struct("files", 8, List.of()));
    int function = builder.add(new BtfType.Func("file", 0, BtfType.Linkage.STATIC));
    int underscores = builder.add(new BtfType.Fwd("file____x", false));
    int straddling = builder.add(new BtfType.Fwd("twelve_chars___x", false));
    Btf btf = builder.build();
    assertThat(btf.candidates("file")).containsExactly(plain, flavour);
    assertThat(btf.candidates("file___old")).containsExactly(two);
    assertThat(btf.candidates("files")).containsExactly(longer);
    assertThat(btf.candidates("fil")).isEmpty();
    assertThat(btf.candidates("file____x")).containsExactly(underscores);
    assertThat(btf.candidates("twelve_chars")).containsExactly(straddling);
    assertThat(btf.candidates("")).isEmpty();
    assertThat(btf.findAll("file")).containsExactly(plain, function);
    assertThat(btf.findAll("file___old")).containsExactly(flavour);
    for (int i = 0; i < 4; i++) { // without and with the table
      assertThat(btf.findId("file", BtfType.Func.class)).isEqualTo(function);
      assertThat(btf.findId("none", BtfType.Func.class)).isZero();
    }
    assertThat(btf.findId("file", BtfType.class)).isEqualTo(plain);
    assertThat(btf.find("file", BtfType.Union.class)).isEmpty();
    assertThat(btf.ofKind(Kind.FUNC)).containsExactly(function);
  }

  @Test
  void essentialNamesEndAtTheLastFlavour() {
    assertThat(Btf.essentialName("task_struct___old")).isEqualTo("task_struct");
    assertThat(Btf.essentialName("a___b___c")).isEqualTo("a___b");
    assertThat(Btf.essentialName("a____b")).isEqualTo("a____b");
    assertThat(Btf.essentialName("___a")).isEqualTo("___a");
    assertThat(Btf.essentialName("a___")).isEqualTo("a___");
    assertThat(Btf.essentialName("a___b_")).isEqualTo("a");
    assertThat(Btf.essentialName("")).isEmpty();
  }

  @Test
  void splitBtfFindsItsOwnTypesBeforeTheBases() {
    BtfBuilder whole = new BtfBuilder();
    int number = whole.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    int common = whole.add(new BtfType.Struct("common", 4, List.of()));
    Btf base = whole.build();
    BtfBuilder module = BtfBuilder.split(base);
    int own = module.add(new BtfType.Struct("common", 8, List.of()));
    Btf split = module.build();
    assertThat(split.findId("common", BtfType.Struct.class)).isEqualTo(own);
    assertThat(split.findAll("common")).containsExactly(common, own);
    assertThat(split.candidates("common")).containsExactly(own);
    assertThat(split.findId("int", BtfType.Int.class)).isEqualTo(number);
    assertThat(split.sizeOf(own)).isEqualTo(8);
    // a record of the split whose name is in the base's strings
    byte[] bytes = split.toBytes();
    ByteBuffer.wrap(bytes)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(24, ByteBuffer.wrap(base.toBytes()).order(ByteOrder.LITTLE_ENDIAN).getInt(24));
    Btf renamed = Btf.parse(bytes, base);
    assertThat(renamed.name(own)).isEqualTo("int");
    assertThat(renamed.findId("int", BtfType.Struct.class)).isEqualTo(own);
  }

  @Test
  void kindsOfTheFutureArePassedOverByTheLayoutTable() {
    // A kind 20 of one word and two words for each item, then an int.
    for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
      byte[] strings = "\0future\0int\0".getBytes(StandardCharsets.UTF_8);
      byte[] layout = new byte[21 * 4];
      layout[20 * 4] = 4;
      layout[20 * 4 + 1] = 8;
      int vlen = 3;
      int future = 12 + 4 + 8 * vlen;
      ByteBuffer blob =
          ByteBuffer.allocate(32 + future + 16 + layout.length + strings.length).order(order);
      blob.putShort((short) 0xEB9F).put((byte) 1).put((byte) 0).putInt(32);
      blob.putInt(0).putInt(future + 16);
      blob.putInt(future + 16 + layout.length).putInt(strings.length);
      blob.putInt(future + 16).putInt(layout.length);
      blob.putInt(1).putInt(20 << 24 | vlen).putInt(0).position(32 + future);
      blob.putInt(8).putInt(Kind.INT << 24).putInt(4).putInt(1 << 24 | 32);
      blob.put(layout).put(strings);

      Btf btf = Btf.parse(blob.array());
      assertThat(btf.order()).isEqualTo(order);
      assertThat(btf.type(1)).isEqualTo(new BtfType.Unknown("future", 20));
      assertThat(btf.findId("int", BtfType.Int.class)).isEqualTo(2);
      assertThat(btf.sizeOf(2)).isEqualTo(4);
      assertThatThrownBy(() -> btf.sizeOf(1)).isInstanceOf(MalformedException.class);
      assertThat(BtfBuilder.from(btf).toBytes()).isEqualTo(blob.array());
      // without the table's entry
      blob.putInt(28, 20 * 4);
      assertThatThrownBy(() -> Btf.parse(blob.array()))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("unknown kind 20");
    }
  }

  @Test
  void moreThan65535MembersAreRead() {
    BtfType.Enumerator[] values = new BtfType.Enumerator[70_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = new BtfType.Enumerator("E" + i, i);
    }
    BtfBuilder builder = new BtfBuilder();
    BtfType.Enum large = new BtfType.Enum("large", 4, false, List.of(values));
    int id = builder.add(large);
    assertThat(builder.build().type(id)).isEqualTo(large);
  }

  @Test
  void sizesFollowTypedefsAndArrays() {
    BtfBuilder builder = new BtfBuilder();
    int number = builder.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    int row = builder.add(new BtfType.Array(number, number, 3));
    int alias = builder.add(new BtfType.Typedef("row_t", row));
    int table = builder.add(new BtfType.Array(builder.add(new BtfType.Const(alias)), number, 5));
    int variable = builder.add(new BtfType.Var("v", table, BtfType.Linkage.GLOBAL));
    int pointer = builder.add(new BtfType.Ptr(0));
    int huge = builder.add(new BtfType.Array(table, number, -1));
    int huger = builder.add(new BtfType.Array(huge, number, -1));
    int loop = builder.add(new BtfType.Typedef("loop", builder.size()));
    int nest = builder.add(new BtfType.Array(builder.size(), number, 1));
    Btf btf = builder.build();
    assertThat(btf.sizeOf(table)).isEqualTo(60);
    assertThat(btf.sizeOf(variable)).isEqualTo(60);
    assertThat(btf.sizeOf(pointer)).isEqualTo(8);
    assertThat(btf.sizeOf(huge)).isEqualTo(60 * 0xFFFFFFFFL);
    for (int id : new int[] {0, huger, loop, nest}) {
      assertThatThrownBy(() -> btf.sizeOf(id)).isInstanceOf(MalformedException.class);
    }
    assertThatThrownBy(() -> btf.resolve(loop)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> btf.type(btf.size())).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> btf.type(-1)).isInstanceOf(MalformedException.class);
  }

  @Test
  void aBrokenHeaderIsRefused() {
    BtfBuilder builder = new BtfBuilder();
    builder.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    byte[] good = builder.toBytes();
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> Btf.parse(cut)).isInstanceOf(MalformedException.class);
    }
    refused(good, 0, 0, "magic");
    refused(good, 2, 2, "version 2");
    for (int field = 4; field < 24; field += 4) {
      refused(good, field, 0xFF, "BTF");
      refused(good, field + 3, 0x7F, "does not lie inside");
      refused(good, field + 3, 0xFF, "does not lie inside");
    }
    refused(good, good.length - 1, 'x', "NUL");
  }

  private static void refused(byte[] good, int at, int value, String why) {
    byte[] bad = good.clone();
    bad[at] = (byte) value;
    assertThatThrownBy(() -> Btf.parse(bad))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  @Test
  void namesOutsideTheStringsAreRefusedWhenRead() {
    BtfBuilder builder = new BtfBuilder();
    builder.add(new BtfType.Fwd("a", false));
    byte[] bytes = builder.toBytes();
    bytes[24 + 2] = 1; // name offset 0x10001
    Btf btf = Btf.parse(bytes);
    assertThatThrownBy(() -> btf.type(1)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> btf.name(1)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> btf.find("a", BtfType.Fwd.class))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void oneNameSharedByAMillionMembersDoesNotFillTheHeap() {
    String name = "n".repeat(4000);
    BtfBuilder builder = new BtfBuilder();
    BtfType.Enumerator one = new BtfType.Enumerator(name, 1);
    builder.add(new BtfType.Enum("e", 4, false, Collections.nCopies(1_000_000, one)));
    Btf btf = builder.build();
    assertThatThrownBy(() -> btf.type(1)).isInstanceOf(MalformedException.class);
  }
}
