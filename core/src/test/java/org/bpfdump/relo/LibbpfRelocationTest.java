// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Fixture;
import org.bpfdump.testkit.KernelBtf;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every relocation of every object we have comes to what libbpf makes of it, on the running kernel
 * and on others. libbpf relocates only what it is about to load, hence {@link RequiresKernel}.
 *
 * <p>Before 1.6 libbpf took the width of a load from an array of arrays for that of a whole row,
 * and poisoned it when the row's length differed; no object here has such a load.
 */
@RequiresKernel
class LibbpfRelocationTest {
  private static final String ORACLE = "/oracle/core_relo.c";

  @TempDir static Path dir;
  private static Path oracle;

  @BeforeAll
  static void compile() throws IOException {
    Path source = dir.resolve("core_relo.c");
    try (InputStream in = LibbpfRelocationTest.class.getResourceAsStream(ORACLE)) {
      Files.copy(in, source);
    }
    oracle = dir.resolve("core_relo");
    Exec.Result compiled =
        Exec.sh("gcc -Wall -Werror -O1 -o '" + oracle + "' '" + source + "' -lbpf").run();
    Assumptions.assumeTrue(
        compiled.exitCode() == 0, () -> "needs gcc and libbpf-dev: " + compiled.err());
  }

  static List<String> kernels() {
    return KernelBtf.names();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyRelocationIsWhatLibbpfMakesOfIt(String kernel) throws IOException {
    byte[] bytes = KernelBtf.bytes(kernel);
    Path file = Files.write(dir.resolve(kernel + ".btf"), bytes);
    Btf btf = Btf.parse(bytes);
    SoftAssertions softly = new SoftAssertions();
    int compared = 0;
    for (Path object : objects()) {
      compared += compare(object, file, btf, softly);
    }
    softly.assertAll();
    assertThat(compared).as("relocations compared").isGreaterThan(200);
  }

  static List<Fixture> fixtures() {
    return FixtureRelocationTest.fixtures();
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void relocationsOfFixturesAreWhatLibbpfMakesOfThem(Fixture fixture) throws IOException {
    Path kernel = FixtureRelocationTest.kernelOf(fixture);
    Btf btf = ObjectFile.read(kernel).btf().orElseThrow();
    SoftAssertions softly = new SoftAssertions();
    int compared = compare(fixture.object(), kernel, btf, softly);
    softly.assertAll();
    assertThat(compared).as("relocations compared").isPositive();
  }

  /** Relocates each program both ways and returns how many relocations were compared. */
  private static int compare(Path object, Path kernelFile, Btf kernel, SoftAssertions softly)
      throws IOException {
    Map<String, ProgramSpec> programs = relocatable(object);
    if (programs.isEmpty()) {
      return 0;
    }
    String out =
        Exec.of(oracle.toString(), object.toString(), kernelFile.toString()).run().ok().out();
    int compared = 0;
    for (String line : out.lines().toList()) {
      String[] words = line.split(" ");
      ProgramSpec program = programs.get(words[0]);
      if (program == null || words[1].equals("unknown")) {
        continue;
      }
      List<String> actual = relocated(program, kernel);
      List<String> expected =
          words[1].equals("refused") ? List.of("refused") : relocated(program, words);
      softly
          .assertThat(actual)
          .as("%s/%s %s", object.getParent().getFileName(), object.getFileName(), words[0])
          .isEqualTo(expected);
      compared += actual.size();
    }
    return compared;
  }

  /** The programs of an object that have relocations, by name; none if it is a broken one. */
  private static Map<String, ProgramSpec> relocatable(Path object) throws IOException {
    Map<String, ProgramSpec> programs = new HashMap<>();
    try {
      ObjectFile file = ObjectFile.read(object);
      for (ObjectFile.Entry entry : file.programs()) {
        ProgramSpec program = file.program(entry.name());
        if (program.relocations().stream().anyMatch(Relocation.Core.class::isInstance)) {
          programs.put(program.name(), program);
        }
      }
    } catch (BpfdumpException e) {
      // what comes of such objects is for the tests of objects to say
    }
    return programs;
  }

  /** The relocated slots as we have them, or that a relocation was refused. */
  private static List<String> relocated(ProgramSpec program, Btf kernel) {
    CoreRelocator relocator = new CoreRelocator(program.btf().orElseThrow(), kernel, List::of);
    long[] slots = program.code().toArray();
    for (Relocation relocation : program.relocations()) {
      if (relocation instanceof Relocation.Core(int slot, CoreRelocation core)) {
        try {
          relocator.apply(program.name(), slots, slot, core);
        } catch (RelocationException e) {
          return List.of("refused");
        }
      }
    }
    return shown(program, relocator, slots);
  }

  /** The same slots as libbpf has them. */
  private static List<String> relocated(ProgramSpec program, String[] words) {
    ByteBuffer bytes = ByteBuffer.allocate((words.length - 1) * 8).order(ByteOrder.nativeOrder());
    for (int i = 1; i < words.length; i++) {
      bytes.put(HexFormat.of().parseHex(words[i]));
    }
    CoreRelocator names =
        new CoreRelocator(program.btf().orElseThrow(), program.btf().get(), List::of);
    return shown(program, names, Code.read(bytes.flip()).toArray());
  }

  private static List<String> shown(ProgramSpec program, CoreRelocator names, long[] slots) {
    List<String> shown = new ArrayList<>();
    for (Relocation relocation : program.relocations()) {
      if (relocation instanceof Relocation.Core(int slot, CoreRelocation core)) {
        boolean wide = Code.opcode(program.code().get(slot)) == 0x18;
        shown.add(
            "%d %s: %016x %s"
                .formatted(
                    slot,
                    names.describe(core),
                    slots[slot],
                    wide ? "%016x".formatted(slots[slot + 1]) : ""));
      }
    }
    return shown;
  }

  /** The examples, and the fixtures for real kernels as one compiler makes them. */
  private static List<Path> objects() throws IOException {
    List<Path> objects = new ArrayList<>();
    for (Fixture fixture : Fixture.all()) {
      if (fixture.compiler().equals("clang-22") && fixture.value("against").isEmpty()) {
        objects.add(fixture.object());
      }
    }
    try (Stream<Path> files = Files.list(Project.root().resolve("examples"))) {
      files.filter(file -> file.toString().endsWith(".bpf.o")).sorted().forEach(objects::add);
    }
    return objects;
  }
}
