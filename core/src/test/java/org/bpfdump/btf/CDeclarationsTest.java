// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.MalformedException;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CDeclarationsTest {
  private static final String WITHOUT_RELOCATIONS = "-DBPF_NO_PRESERVE_ACCESS_INDEX";

  /** Enough to meet each way to place bitfields; with all types clang takes half a minute. */
  private static final int BITFIELD_TYPES = 400;

  @TempDir Path dir;

  private static List<String> kernels() {
    return KernelBtf.names();
  }

  /** clang compiles the header of all types; sizes and offsets are what they were. */
  @ParameterizedTest
  @MethodSource("kernels")
  void theHeaderOfAKernelCompilesToTheSameLayout(String kernel) throws IOException {
    Btf btf = Btf.parse(KernelBtf.bytes(kernel));
    CHeader header = new CHeader(btf);
    for (int id = 1; id < btf.size(); id++) {
      header.defineIfNamed(id);
    }
    StringBuilder source = new StringBuilder(header.text());
    for (int id = 1; id < btf.size(); id++) {
      if (btf.type(id) instanceof BtfType.Composite t && !t.name().isEmpty()) {
        String type = header.reference(id);
        source.append("_Static_assert(sizeof(%s) == %d, \"\");\n".formatted(type, btf.sizeOf(id)));
        assertOffsets(btf, t, type, 0, source);
      }
    }
    Files.writeString(dir.resolve("t.c"), source);
    run(clang(), "-target", "bpf", "-fsyntax-only", "-w", WITHOUT_RELOCATIONS, "t.c");
  }

  private static void assertOffsets(
      Btf btf, BtfType.Composite type, String name, int base, StringBuilder source) {
    for (BtfType.Member member : type.members()) {
      int offset = base + member.bitOffset();
      if (!member.name().isEmpty() && member.bitfieldSize() == 0) {
        source
            .append("_Static_assert(__builtin_offsetof(")
            .append(name + ", " + member.name() + ") == " + offset / 8 + ", \"\");\n");
      } else if (member.name().isEmpty()
          && btf.resolved(member.type()) instanceof BtfType.Composite inner) {
        assertOffsets(btf, inner, name, offset, source);
      }
    }
  }

  /** The BTF that clang writes of the types with bitfields has the bits where they were. */
  @ParameterizedTest
  @MethodSource("kernels")
  void bitfieldsOfAKernelStayInPlace(String kernel) throws IOException {
    Btf btf = Btf.parse(KernelBtf.bytes(kernel));
    CHeader header = new CHeader(btf);
    List<Integer> ids = new ArrayList<>();
    for (int id = 1; id < btf.size() && ids.size() < BITFIELD_TYPES; id++) {
      if (btf.type(id) instanceof BtfType.Composite t
          && !t.name().isEmpty()
          && t.members().stream().anyMatch(member -> member.bitfieldSize() != 0)) {
        header.define(id);
        ids.add(id);
      }
    }
    StringBuilder source = new StringBuilder(header.text()).append("union every_type {\n");
    for (int id : ids) {
      source.append("%s v%d;\n".formatted(header.reference(id), id));
    }
    Btf compiled = compile(source.append("} every_type;\n").toString());
    List<BtfType.Member> members =
        compiled.find("every_type", BtfType.Union.class).orElseThrow().members();
    assertThat(members).hasSameSizeAs(ids);
    for (int i = 0; i < members.size(); i++) {
      assertSameLayout(compiled, members.get(i).type(), btf, ids.get(i));
    }
  }

  private static String clang() {
    Path clang = Path.of("/usr/bin/clang-14");
    Assumptions.assumeTrue(Files.isExecutable(clang), () -> "no " + clang);
    return clang.toString();
  }

  private Btf compile(String source) throws IOException {
    Files.writeString(dir.resolve("t.c"), source);
    run(clang(), "-target", "bpf", "-g", "-O1", "-w", WITHOUT_RELOCATIONS, "-c", "t.c");
    run("llvm-objcopy-14", "--dump-section", ".BTF=t.btf", "t.o", "/dev/null");
    return Btf.read(dir.resolve("t.btf"));
  }

  private void run(String... command) {
    Exec.of(command).in(dir).timeout(Duration.ofMinutes(3)).run().ok();
  }

  private static void assertSameLayout(Btf actual, int actualId, Btf expected, int id) {
    BtfType.Composite ours = (BtfType.Composite) actual.resolved(actualId);
    BtfType.Composite theirs = (BtfType.Composite) expected.resolved(id);
    String where = theirs.name() + " " + id;
    assertThat(ours.size()).as(where).isEqualTo(theirs.size());
    List<BtfType.Member> members = new ArrayList<>();
    for (BtfType.Member member : ours.members()) {
      if (!member.name().startsWith("___bytes")) { // padding
        members.add(member);
      }
    }
    assertThat(members).as(where).hasSize(theirs.members().size());
    for (int i = 0; i < members.size(); i++) {
      BtfType.Member our = members.get(i);
      BtfType.Member their = theirs.members().get(i);
      assertThat(our.name()).as(where).isEqualTo(their.name());
      assertThat(our.bitOffset()).as(where).isEqualTo(their.bitOffset());
      assertThat(our.bitfieldSize()).as(where).isEqualTo(their.bitfieldSize());
      if (their.name().isEmpty() && expected.resolved(their.type()) instanceof BtfType.Composite) {
        assertSameLayout(actual, our.type(), expected, their.type());
      } else if (their.bitfieldSize() == 0) {
        assertThat(actual.sizeOf(our.type())).as(where).isEqualTo(expected.sizeOf(their.type()));
      }
    }
  }

  @Test
  void declarationsReadAsInC() {
    BtfBuilder builder = new BtfBuilder();
    int number = builder.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    int constant = builder.add(new BtfType.Const(number));
    int task = builder.add(new BtfType.Struct("task_struct", 8, List.of()));
    int taskPointer = builder.add(new BtfType.Ptr(task));
    int constPointer = builder.add(new BtfType.Const(builder.add(new BtfType.Ptr(constant))));
    int array = builder.add(new BtfType.Array(number, number, 4));
    int matrix = builder.add(new BtfType.Array(array, number, 2));
    int row = builder.add(new BtfType.Ptr(array));
    int constRow = builder.add(new BtfType.Ptr(builder.add(new BtfType.Const(array))));
    int restrict = builder.add(new BtfType.Restrict(taskPointer));
    int proto =
        builder.add(
            new BtfType.FuncProto(
                taskPointer,
                List.of(new BtfType.Parameter("ctx", constPointer), new BtfType.Parameter("", 0))));
    int function = builder.add(new BtfType.Func("dump", proto, BtfType.Linkage.STATIC));
    int callback = builder.add(new BtfType.Ptr(proto));
    int table = builder.add(new BtfType.Array(callback, number, 3));
    int getter =
        builder.add(
            new BtfType.FuncProto(callback, List.of(new BtfType.Parameter("key", constRow))));
    int none = builder.add(new BtfType.FuncProto(0, List.of()));
    int alias = builder.add(new BtfType.Typedef("fn_t", builder.add(new BtfType.Ptr(none))));
    int anonymous = builder.add(new BtfType.Ptr(builder.add(new BtfType.Union("", 8, List.of()))));
    int tagged = builder.add(new BtfType.Ptr(builder.add(new BtfType.TypeTag("rcu", task))));
    int state = builder.add(new BtfType.Enum("state", 4, false, List.of()));
    int volatileConst = builder.add(new BtfType.Volatile(constant));
    int variable = builder.add(new BtfType.Var("jiffies", volatileConst, BtfType.Linkage.GLOBAL));
    CDeclarations c = new CDeclarations(builder.build());
    assertThat(c.declare(number, "x")).isEqualTo("int x");
    assertThat(c.declare(number, "")).isEqualTo("int");
    assertThat(c.declare(0, "")).isEqualTo("void");
    assertThat(c.declare(taskPointer, "task")).isEqualTo("struct task_struct *task");
    assertThat(c.declare(taskPointer, "")).isEqualTo("struct task_struct *");
    assertThat(c.declare(constPointer, "p")).isEqualTo("const int *const p");
    assertThat(c.declare(matrix, "m")).isEqualTo("int m[2][4]");
    assertThat(c.declare(row, "r")).isEqualTo("int (*r)[4]");
    assertThat(c.declare(constRow, "r")).isEqualTo("const int (*r)[4]");
    assertThat(c.declare(restrict, "t")).isEqualTo("struct task_struct *restrict t");
    assertThat(c.declare(function, "dump"))
        .isEqualTo("struct task_struct *dump(const int *const ctx, ...)");
    assertThat(c.declare(callback, "fn"))
        .isEqualTo("struct task_struct *(*fn)(const int *const ctx, ...)");
    assertThat(c.declare(table, "ops"))
        .isEqualTo("struct task_struct *(*ops[3])(const int *const ctx, ...)");
    assertThat(c.declare(getter, "get"))
        .isEqualTo("struct task_struct *(*get(const int (*key)[4]))(const int *const ctx, ...)");
    assertThat(c.declare(none, "f")).isEqualTo("void f(void)");
    assertThat(c.declare(alias, "f")).isEqualTo("fn_t f");
    assertThat(c.declare(anonymous, "u")).isEqualTo("union { ... } *u");
    assertThat(c.declare(tagged, "t")).isEqualTo("struct task_struct *t");
    assertThat(c.declare(state, "s")).isEqualTo("enum state s");
    assertThat(c.declare(variable, "jiffies")).isEqualTo("const volatile int jiffies");
  }

  @Test
  void aHeaderHasWhatATypeNeedsAndNoMore() {
    BtfBuilder builder = new BtfBuilder();
    int number = builder.add(new BtfType.Int("unsigned int", 4, 0, 32, false, false, false));
    int octet = builder.add(new BtfType.Int("char", 1, 0, 8, true, false, false));
    int alias = builder.add(new BtfType.Typedef("u32", number));
    int other = builder.add(new BtfType.Struct("other", 4, List.of(member("x", number, 0))));
    int inner = builder.add(new BtfType.Struct("inner", 4, List.of(member("x", alias, 0))));
    int anonymous =
        builder.add(
            new BtfType.Union(
                "", 8, List.of(member("p", builder.size() + 1, 0), member("in", inner, 0))));
    builder.add(new BtfType.Ptr(other));
    int outer =
        builder.add(
            new BtfType.Struct(
                "outer",
                24,
                List.of(
                    new BtfType.Member("a", number, 0, 3),
                    new BtfType.Member("b", number, 8, 5),
                    member("", anonymous, 64),
                    member("tail", octet, 128))));
    int packed =
        builder.add(
            new BtfType.Struct("tight", 5, List.of(member("c", octet, 0), member("x", number, 8))));
    CDeclarations c = new CDeclarations(builder.build());
    String header = c.header(outer, packed);
    assertThat(header)
        .contains(
            """
            typedef unsigned int u32;

            struct inner {
            	u32 x;
            };

            struct outer {
            	unsigned int a: 3;
            	char: 5;
            	unsigned int b: 5;
            	union {
            		struct other *p;
            		struct inner in;
            	};
            	char tail;
            };

            struct tight {
            	char c;
            	unsigned int x;
            } __attribute__((packed));
            """)
        .contains("struct other;")
        .doesNotContain("struct other {");
  }

  private static BtfType.Member member(String name, int type, int bitOffset) {
    return new BtfType.Member(name, type, bitOffset, 0);
  }

  @Test
  void typesOfOneNameGetNamesThatDoNotClash() throws IOException {
    BtfBuilder builder = new BtfBuilder();
    int number = builder.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    builder.add(new BtfType.Fwd("state", false));
    int one = builder.add(new BtfType.Struct("state", 4, List.of(member("a", number, 0))));
    int two = builder.add(new BtfType.Struct("state", 8, List.of(member("b", number, 32))));
    builder.add(new BtfType.Fwd("state", true));
    builder.add(new BtfType.Typedef("state", one));
    BtfType.Enum values =
        new BtfType.Enum("", 4, true, List.of(new BtfType.Enumerator("state", -1)));
    builder.add(values);
    builder.add(values);
    int overlap =
        builder.add(
            new BtfType.Struct(
                "rust::Enum", 4, List.of(member("a", number, 0), member("b", number, 0))));
    Btf btf = builder.build();
    String header = new CDeclarations(btf).header();
    assertThat(header)
        .contains("struct state {", "struct state___2 {", "typedef struct state state;")
        .contains("struct rust__Enum {\n\tunsigned char ___bytes0[4];\n}");
    Btf compiled = compile(header + "struct state a; struct state___2 b; struct rust__Enum c;\n");
    assertThat(compiled.find("state", BtfType.Struct.class).orElseThrow().size())
        .isEqualTo(btf.sizeOf(one));
    assertThat(compiled.find("state___2", BtfType.Struct.class).orElseThrow().size())
        .isEqualTo(btf.sizeOf(two));
    assertThat(compiled.find("rust__Enum", BtfType.Struct.class).orElseThrow().size())
        .isEqualTo(btf.sizeOf(overlap));
  }

  @Test
  void aMillionWaysThroughAFewTypesEndSoon() {
    BtfBuilder builder = new BtfBuilder();
    int number = builder.add(new BtfType.Int("char", 1, 0, 8, true, false, false));
    for (int i = 0; i < 40; i++) { // unions without a name, each with the one before it twice
      int inner = builder.size() - 1;
      builder.add(new BtfType.Union("", 1, List.of(member("a", inner, 0), member("b", inner, 0))));
    }
    int all =
        builder.add(new BtfType.Struct("all", 1, List.of(member("u", builder.size() - 1, 0))));
    CDeclarations doubling = new CDeclarations(builder.build());
    assertThatThrownBy(() -> doubling.header(all))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("as C");

    BtfBuilder names = new BtfBuilder();
    names.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    for (int i = 0; i < 50_000; i++) {
      names.add(new BtfType.Struct("same", 4, List.of(member("a", number, 0))));
      names.add(new BtfType.Typedef("same", number));
      names.add(new BtfType.Fwd("same", true));
    }
    assertThat(new CDeclarations(names.build()).header()).contains("struct same___50000 {");
  }

  @Test
  void typesThatNestWithoutEndAreRefused() {
    BtfBuilder builder = new BtfBuilder();
    int loop = builder.add(new BtfType.Ptr(builder.size()));
    int parameters =
        builder.add(
            new BtfType.FuncProto(
                0,
                List.of(
                    new BtfType.Parameter("a", builder.size()),
                    new BtfType.Parameter("b", builder.size()))));
    int itself = builder.add(new BtfType.Struct("s", 4, List.of(member("s", builder.size(), 0))));
    int aliases = builder.size();
    for (int i = 0; i < 100_000; i++) {
      builder.add(new BtfType.Typedef("t" + i, builder.size() + 1));
    }
    builder.add(new BtfType.Ptr(0));
    CDeclarations c = new CDeclarations(builder.build());
    assertThatThrownBy(() -> c.declare(loop, "x")).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> c.declare(parameters, "x")).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> c.header(itself)).isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> c.header(aliases)).isInstanceOf(MalformedException.class);
  }
}
