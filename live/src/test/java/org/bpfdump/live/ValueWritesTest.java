// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Programs that may change the map they walk are told from those that only read it. */
@RequiresKernel
class ValueWritesTest {
  private static final String[] COMPILERS = {"clang-14", "clang-19", "clang-22"};
  private static final String FIRST = "67 12 00 00 00 00 00 00"; // 4711

  @TempDir private Path dir;

  private Path map;

  /** A map that is frozen, which keeps everyone else from changing it. */
  @BeforeEach
  void create() {
    Exec.of("mount", "-t", "bpf", "bpf", dir.toString()).run().ok();
    map = dir.resolve("map");
    String create = "bpftool map create %s type hash key 4 value 8 entries 8 name frozen";
    String update = "bpftool map update pinned %s key 7 0 0 0 value hex " + FIRST;
    String freeze = "bpftool map freeze pinned %s";
    Exec.sh(String.join(" && ", create, update, freeze).replace("%s", map.toString())).run().ok();
  }

  @AfterEach
  void unmount() {
    Exec.of("umount", dir.toString()).run().ok();
  }

  private static Stream<ProgramSpec> programs(String fixture) throws IOException {
    Stream.Builder<ProgramSpec> programs = Stream.builder();
    for (String compiler : COMPILERS) {
      ObjectFile object =
          ObjectFile.read(Project.fixtures().resolve(compiler + "/" + fixture + ".bpf.o"));
      object.programs().forEach(entry -> programs.add(object.program(entry.name())));
    }
    return programs.build();
  }

  static Stream<ProgramSpec> readers() throws IOException {
    return programs("value_reads");
  }

  static Stream<ProgramSpec> writers() throws IOException {
    return programs("value_writes");
  }

  /** The value after the map was dumped. */
  private String valueAfter(LiveDumper dumper) {
    try (Dump dump = dumper.open()) {
      dump.lines().forEach(_ -> {});
    }
    String value =
        Exec.of("bpftool", "map", "dump", "pinned", map.toString())
            .run()
            .ok()
            .out()
            .lines()
            .findFirst()
            .orElseThrow();
    return value.substring(value.indexOf("value: ") + 7).strip();
  }

  @ParameterizedTest
  @MethodSource("readers")
  void whatOnlyReadsIsNotBlamed(ProgramSpec program) {
    try (LiveKernel kernel = LiveKernel.open();
        LiveDumper dumper = kernel.load(program, new Parameter.MapPath(map))) {
      assertThat(dumper.valueWrites()).isEmpty();
      if (!program.name().equals("copies_in")) { // by a helper, which asks whether it may
        assertThat(valueAfter(dumper)).isEqualTo(FIRST);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("writers")
  void whatDoesChangeAFrozenMapIsTold(ProgramSpec program) {
    try (LiveKernel kernel = LiveKernel.open();
        LiveDumper dumper = kernel.load(program, new Parameter.MapPath(map))) {
      assertThat(dumper.valueWrites()).isPresent();
      if (!program.name().equals("lets_a_helper_write")) {
        assertThat(dumper.valueWrites().get())
            .matches("value_writes\\.bpf\\.c:\\d+: R\\d cannot write into rdonly_buf");
      }
      assertThat(valueAfter(dumper)).isNotEqualTo(FIRST);
    }
  }

  @Test
  void socketStorageIsNoException() throws IOException {
    List<ProgramSpec> writers = programs("value_writes_storage").toList();
    List<ProgramSpec> readers = programs("target_bpf_sk_storage_map").toList();
    Parameter own = new Parameter.MapName("walked");
    try (LiveKernel kernel = LiveKernel.open()) {
      for (ProgramSpec program : writers) {
        try (LiveDumper dumper = kernel.load(program, own)) {
          assertThat(dumper.valueWrites().orElseThrow()).contains("cannot write into rdonly_buf");
        }
      }
      for (ProgramSpec program : readers) {
        try (LiveDumper dumper = kernel.load(program, own)) {
          assertThat(dumper.valueWrites()).isEmpty();
          ProgramSpec example = ObjectFile.read(Project.example("sk_storage")).program();
          try (LiveDumper same = kernel.load(example, own)) { // the map of the dumper before
            assertThat(same.valueWrites()).isEmpty();
          }
        }
      }
    }
  }

  /** The context goes over the stack, by pointers of which it is not known where they point. */
  @Test
  void aContextThatIsLostOnTheWayCountsAsWritten() {
    Assembler asm = new Assembler();
    Assembler.Label end = asm.label();
    Code code =
        asm.move(Register.R2, Register.R10)
            .alu(org.bpfdump.asm.Arithmetic.ADD, Register.R2, -8)
            .store(Size.DOUBLE, Register.R2, 0, Register.R1)
            .move(Register.R1, 0)
            .load(Size.DOUBLE, Register.R3, Register.R10, -8)
            .load(Size.DOUBLE, Register.R4, Register.R3, 24)
            .jumpIf(Condition.EQ, Register.R4, 0, end)
            .store(Size.DOUBLE, Register.R4, 0, 1)
            .place(end)
            .move(Register.R0, 0)
            .exit()
            .code();
    try (LiveKernel kernel = LiveKernel.open();
        LiveDumper dumper =
            kernel.load(Programs.of("bpf_map_elem", code), new Parameter.MapPath(map))) {
      assertThat(dumper.valueWrites()).isPresent();
      assertThat(valueAfter(dumper)).isNotEqualTo(FIRST);
    }
  }
}
