// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.HostileInput;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.api.Test;

/** BTF that no compiler made: a documented exception of one line, soon, and little memory. */
class HostileBtfTest {
  private final Btf base = everyKind(ByteOrder.LITTLE_ENDIAN);
  private int read;
  private int shown;

  @Test
  void spoiledBtfIsReadOrRefused() throws IOException {
    HostileInput.spoil(inputs(), this::useAll);
    // Were all refused at once, nothing but the first check would have been tried.
    assertThat(read).isGreaterThan(HostileInput.count() / 4);
    assertThat(shown).isGreaterThan(HostileInput.count() / 20);
  }

  private static List<byte[]> inputs() throws IOException {
    List<byte[]> inputs = new ArrayList<>();
    inputs.add(everyKind(ByteOrder.LITTLE_ENDIAN).toBytes());
    inputs.add(everyKind(ByteOrder.BIG_ENDIAN).toBytes());
    for (BtfFeature feature : BtfFeature.values()) {
      inputs.add(feature.probe(ByteOrder.LITTLE_ENDIAN));
    }
    try (Stream<Path> examples = Files.list(Project.root().resolve("examples"))) {
      for (Path file : examples.filter(f -> f.toString().endsWith(".bpf.o")).sorted().toList()) {
        inputs.add(ObjectFile.read(file).btf().orElseThrow().toBytes());
      }
    }
    return inputs;
  }

  private static Btf everyKind(ByteOrder order) {
    BtfBuilder builder = new BtfBuilder(order);
    int number = builder.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    int array = builder.add(new BtfType.Array(number, number, 4));
    int bits = builder.add(new BtfType.Union("u", 8, List.of(new BtfType.Member("w", 1, 0, 7))));
    int self = builder.add(new BtfType.Ptr(builder.size() + 1));
    int list =
        builder.add(
            new BtfType.Struct(
                "list",
                32,
                List.of(
                    new BtfType.Member("next", self, 0, 0),
                    new BtfType.Member("", bits, 64, 0),
                    new BtfType.Member("row", array, 128, 0))));
    int restrict = builder.add(new BtfType.Restrict(self));
    int qualified = builder.add(new BtfType.Const(builder.add(new BtfType.Volatile(restrict))));
    int alias = builder.add(new BtfType.Typedef("list_t", qualified));
    int tag = builder.add(new BtfType.TypeTag("rcu", alias));
    BtfType.Enumerator one = new BtfType.Enumerator("ONE", 1);
    builder.add(new BtfType.Enum("e", 4, true, List.of(one)));
    builder.add(new BtfType.Enum64("e64", 8, false, List.of(one)));
    builder.add(new BtfType.Fwd("elsewhere", true));
    int proto =
        builder.add(
            new BtfType.FuncProto(
                tag, List.of(new BtfType.Parameter("a", list), new BtfType.Parameter("", 0))));
    int function = builder.add(new BtfType.Func("f___x", proto, BtfType.Linkage.GLOBAL));
    int variable = builder.add(new BtfType.Var("v", list, BtfType.Linkage.STATIC));
    builder.add(new BtfType.Datasec("?.data", 32, List.of(new BtfType.Variable(variable, 0, 32))));
    builder.add(new BtfType.Float("double", 8));
    builder.add(new BtfType.DeclTag("note", function, 0));
    return builder.build();
  }

  private void useAll(byte[] bytes) {
    attempt(() -> use(Btf.parse(bytes)));
    attempt(() -> use(Btf.parse(bytes, base)));
  }

  private void use(Btf btf) {
    read++;
    CDeclarations c = new CDeclarations(btf);
    for (int i = 1; i < btf.size(); i++) {
      int id = i;
      attempt(() -> btf.type(id));
      attempt(() -> btf.name(id));
      attempt(() -> btf.resolved(id));
      attempt(() -> btf.sizeOf(id));
      attempt(() -> c.declare(id, "x"));
    }
    for (int i = 0; i < 3; i++) { // without and with the table
      attempt(() -> btf.find("f___x", BtfType.Func.class));
    }
    attempt(() -> btf.findAll("list"));
    attempt(() -> btf.candidates("f"));
    attempt(() -> btf.ofKind(Kind.STRUCT));
    attempt(() -> {
      c.header();
      shown++;
    });
    attempt(() -> BtfFeature.usedBy(BtfSanitizer.sanitize(btf, Set.of())));
    attempt(() -> rebuild(btf));
  }

  /** A type that can be read can be written, and is the same when it is read again. */
  private static void rebuild(Btf btf) {
    if (btf.base().isPresent()) {
      return;
    }
    BtfBuilder builder = new BtfBuilder(btf.order());
    for (int id = 1; id < btf.size(); id++) {
      builder.add(btf.type(id));
    }
    Btf again = builder.build();
    for (int id = 1; id < btf.size(); id++) {
      assertThat(again.type(id)).isEqualTo(btf.type(id));
    }
  }

  private static void attempt(Runnable what) {
    try {
      what.run();
    } catch (BpfdumpException e) {
      assertThat(e).isInstanceOfAny(MalformedException.class, UnsupportedException.class);
      assertThat(e.getMessage()).hasSizeBetween(10, 2000).doesNotContain("\n");
    }
  }
}
