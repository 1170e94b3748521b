// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Bpffs;
import org.bpfdump.testkit.Fixture;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every fixture of every compiler does on the running kernel what the head of its source says. */
@RequiresKernel
class CorpusTest {
  private static Bpffs bpffs;

  /** Maps that are pinned by name need one. */
  @BeforeAll
  static void mount() {
    bpffs = Bpffs.open();
  }

  @AfterAll
  static void unmount() {
    bpffs.close();
  }

  static Stream<Fixture> loading() {
    return Fixture.all().stream()
        .filter(f -> f.expect().equals("load") && f.value("against").isEmpty());
  }

  static Stream<Fixture> failing() {
    return Fixture.all().stream()
        .filter(f -> f.expect().startsWith("fail") && f.value("against").isEmpty());
  }

  private static ProgramSpec program(Fixture fixture) throws IOException {
    ObjectFile object = ObjectFile.read(fixture.object());
    ProgramSpec program =
        fixture.value("program").isPresent()
            ? object.program(fixture.value("program").get())
            : object.program();
    return fixture.value("target").map(program::withTarget).orElse(program);
  }

  private static LiveDumper load(LiveKernel kernel, Fixture fixture) throws IOException {
    Parameter parameter =
        fixture
            .value("map-param")
            .<Parameter>map(Parameter.MapName::new)
            .orElse(new Parameter.None());
    return kernel.load(program(fixture), parameter);
  }

  private static void unpin(Fixture fixture) throws IOException {
    for (String pin : fixture.values("pins")) {
      Files.deleteIfExists(Bpffs.ROOT.resolve(pin));
    }
  }

  @ParameterizedTest
  @MethodSource("loading")
  void loadsAndWritesWhatItShould(Fixture fixture) throws IOException {
    try (LiveKernel kernel = LiveKernel.open();
        LiveDumper dumper = load(kernel, fixture);
        Dump dump = dumper.open()) {
      List<String> lines = dump.lines().toList();
      assertThat(dump.receipt().complete()).isTrue();
      assertThat(lines).containsAll(fixture.values("output"));
    } finally {
      unpin(fixture);
    }
  }

  @ParameterizedTest
  @MethodSource("failing")
  void failsForTheReasonItShould(Fixture fixture) throws IOException {
    try (LiveKernel kernel = LiveKernel.open()) {
      Throwable failure = catchThrowable(() -> load(kernel, fixture).close());
      assertThat(failure).as("refusal of " + fixture).isInstanceOf(BpfdumpException.class);
      Class<?>[] expected =
          switch (fixture.expect().substring("fail ".length())) {
            case "malformed" -> new Class<?>[] {MalformedException.class};
            case "unsupported", "machine" -> new Class<?>[] {UnsupportedException.class};
            case "target" -> new Class<?>[] {RequestException.class, UnsupportedException.class};
            case "relocation" -> new Class<?>[] {RelocationException.class};
            case "verifier" -> new Class<?>[] {VerifierException.class};
            case "attach" -> new Class<?>[] {RequestException.class, UnsupportedException.class};
            default -> throw new AssertionError("unknown class: " + fixture.expect());
          };
      assertThat(failure).isInstanceOfAny(expected);
      assertThat(failure.getMessage()).as("one line").doesNotContain("\n").matches("[a-z/].*");
    } finally {
      unpin(fixture);
    }
  }
}
