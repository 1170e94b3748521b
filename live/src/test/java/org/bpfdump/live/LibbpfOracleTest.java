// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Targets;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Fixture;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the kernel holds after bpfdump loaded a program is what it holds after bpftool, which is
 * libbpf, loaded it: the instructions after verification with their source lines, and the maps.
 */
@RequiresKernel
class LibbpfOracleTest {
  private static final Pattern MAP = Pattern.compile("map\\[id:(\\d+)\\]");

  private static final Pattern OPCODES = Pattern.compile("\\s*([0-9a-f]{2} ){15}[0-9a-f]{2}\\s*");

  /** {@code 1: array name x.rodata flags 0x80} with an id that differs from load to load. */
  private static final Pattern MAP_ID = Pattern.compile("^(\\d+): ");

  /** What bpftool says of a map that is not the map's own. */
  private static final Pattern MAP_NOISE =
      Pattern.compile("\\s+(btf_id \\d+|pids .*|memlock \\S+)");

  @TempDir static Path bpffs;

  @BeforeAll
  static void mount() {
    Exec.of("mount", "-t", "bpf", "bpf", bpffs.toString()).run().ok();
  }

  @AfterAll
  static void unmount() {
    Exec.of("umount", bpffs.toString()).run().ok();
  }

  /** An object that both are to load. */
  record Subject(String name, Path object, List<String> pins) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Subject> subjects() throws IOException {
    Stream<Subject> fixtures =
        Fixture.all().stream()
            .filter(f -> f.expect().equals("load") && f.value("against").isEmpty())
            // libbpf 1.1 and its known limits; and pins by name are where libbpf puts them.
            .filter(f -> f.value("libbpf").isEmpty() && f.values("pins").isEmpty())
            .map(f -> new Subject(f.toString(), f.object(), f.values("pins")));
    List<Subject> examples = new ArrayList<>();
    try (Stream<Path> files = Files.list(Project.root().resolve("examples"))) {
      files
          .filter(f -> f.toString().endsWith(".bpf.o"))
          .sorted()
          .forEach(f -> examples.add(new Subject(f.getFileName().toString(), f, List.of())));
    }
    return Stream.concat(examples.stream(), fixtures);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void theKernelHoldsTheSame(Subject subject) throws IOException {
    Map<String, String> expected = byBpftool(subject);
    assertThat(expected).isNotEmpty();
    assertThat(byBpfdump(subject, expected)).isEqualTo(expected);
  }

  /** What the kernel holds of each program of the object, by the name of the program. */
  private static Map<String, String> byBpftool(Subject subject) throws IOException {
    Path pins = bpffs.resolve("oracle");
    Exec.of("bpftool", "prog", "loadall", subject.object.toString(), pins.toString()).run().ok();
    try {
      Map<String, String> held = new TreeMap<>();
      List<Path> programs;
      try (Stream<Path> files = Files.list(pins)) {
        programs = files.toList();
      }
      for (Path program : programs) {
        held.put(program.getFileName().toString(), held("pinned", program.toString()));
      }
      return held;
    } finally {
      try (Stream<Path> files = Files.list(pins)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(pins);
    }
  }

  private static Map<String, String> byBpfdump(Subject subject, Map<String, String> wanted)
      throws IOException {
    Map<String, String> held = new TreeMap<>();
    ObjectFile object = ObjectFile.read(subject.object);
    try (LiveKernel kernel = LiveKernel.open()) {
      for (String name : wanted.keySet()) {
        try (LiveDumper dumper = load(kernel, object.program(name))) {
          held.put(name, held("id", Integer.toString(dumper.programId())));
        }
      }
    }
    return held;
  }

  private static LiveDumper load(LiveKernel kernel, ProgramSpec program) throws IOException {
    String target = Targets.name(program.target().orElseThrow());
    if (!kernel.target(target).parameters().contains(Parameter.Kind.MAP)) {
      return kernel.load(program);
    }
    Parameter walked = new Parameter.MapName("walked");
    for (MapSpec map : program.maps()) {
      if (map.name().equals("walked")) {
        return kernel.load(program, walked);
      }
    }
    // Any map that the target walks will do, as what is compared is the program: a fixture's.
    try (LiveDumper _ = kernel.load(fixtureWithMap(target), walked)) {
      return kernel.load(program, walked);
    }
  }

  private static ProgramSpec fixtureWithMap(String target) throws IOException {
    Path object = Project.fixtures().resolve("clang-14/target_" + target + ".bpf.o");
    return ObjectFile.read(object).program();
  }

  private static String held(String... which) {
    String dump = "bpftool prog dump xlated " + String.join(" ", which);
    String code = Exec.sh(dump + " opcodes && " + dump + " linum").run().ok().out();
    Map<String, String> maps = new TreeMap<>();
    StringBuilder normal = new StringBuilder();
    boolean loadsMap = false;
    for (String line : code.lines().toList()) {
      Matcher map = MAP.matcher(line);
      if (map.find()) {
        String shown = map(map.group(1));
        maps.put(shown, shown);
        normal.append(map.replaceAll(_ -> Matcher.quoteReplacement(name(shown))));
        loadsMap = true;
      } else if (loadsMap && OPCODES.matcher(line).matches()) {
        // Opcodes of that load: bytes 4 to 7 are the map's id.
        String[] bytes = line.strip().split(" ");
        for (int i = 4; i < 8; i++) {
          bytes[i] = "..";
        }
        normal.append(String.join(" ", bytes));
        loadsMap = false;
      } else {
        normal.append(line);
      }
      normal.append('\n');
    }
    return normal + String.join("\n", maps.keySet());
  }

  private static String name(String map) {
    Matcher name = Pattern.compile("name (\\S+)").matcher(map);
    return name.find() ? "map[" + name.group(1) + "]" : "map[]";
  }

  private static String map(String id) {
    String text = Exec.of("bpftool", "map", "show", "id", id).run().ok().out();
    List<String> lines = new ArrayList<>();
    for (String line : text.lines().toList()) {
      String own = MAP_NOISE.matcher(MAP_ID.matcher(line).replaceFirst("")).replaceAll("");
      // Older libbpf makes all data sections mappable; newer and bpfdump, those with global
      // variables.
      own =
          own.replaceFirst("flags 0x480$", "flags 0x80").replaceFirst("flags 0x400$", "flags 0x0");
      if (!own.isBlank()) {
        lines.add(own.strip());
      }
    }
    return String.join(" ", lines);
  }
}
