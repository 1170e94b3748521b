// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.image.vm.Compiler;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.Interpreter;
import org.bpfdump.image.vm.TieredEngine;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The program that ran on the live kernel prints on its image what it printed there, line by line.
 */
class GroundTruthTest {
  /** Who wrote the ground truth down, with its own flag for having used a privilege. */
  private static final String RECORDER = " gt ppid=1 ";

  /** The descriptor that the recorder opened last: another file while it dumped each section. */
  private static final int LAST_DESCRIPTOR = 4;

  static Stream<Arguments> runs() {
    List<Arguments> runs = new ArrayList<>();
    for (String kernel : TestImages.kernels()) {
      for (String program : TestImages.programs()) {
        for (Engine engine : List.of(new Interpreter(), new Compiler(), new TieredEngine())) {
          runs.add(Arguments.of(kernel, program, engine));
        }
      }
    }
    return runs.stream();
  }

  @ParameterizedTest
  @MethodSource("runs")
  void theSameProgramPrintsTheSame(String kernel, String program, Engine engine)
      throws IOException {
    ProgramSpec spec = ObjectFile.read(TestImages.program(program)).program();
    ImageSource source = ImageSource.of(TestImages.file(kernel));
    try (ImageKernel image = ImageKernel.open(source, engine);
        ImageDumper dumper = image.load(spec);
        ImageDump dump = dumper.open()) {
      String text = new String(dump.stream().readAllBytes(), StandardCharsets.ISO_8859_1);
      List<String> truth = TestImages.truth(kernel).iterator(program);
      assertThat(text.lines().map(line -> honest(program, recorder(kernel), line)))
          .containsExactlyElementsOf(
              truth.stream().map(line -> honest(program, recorder(kernel), line)).toList());
      assertThat(truth).hasSizeGreaterThan(1);
      assertThat(dump.receipt().complete()).isTrue();
      assertThat(dump.receipt().faults()).isZero();
      assertThat(dump.receipt().notes()).isEmpty();
      assertThat(dump.receipt().bytes()).isEqualTo(text.length());
    }
  }

  /** The id of the process that wrote the ground truth down. */
  private static String recorder(String kernel) {
    return TestImages.truth(kernel).iterator("task").stream()
        .filter(line -> line.contains(RECORDER))
        .map(line -> line.split(" ", -1)[1])
        .findFirst()
        .orElseThrow();
  }

  /** A line without what changed between it and the image. */
  private static String honest(String program, String recorder, String line) {
    if (program.equals("task") && line.contains(RECORDER)) {
      return line.replaceFirst(" fl=[0-9a-f]+ ", " ");
    }
    String last = recorder + " " + recorder + " " + LAST_DESCRIPTOR + " ";
    return program.equals("task_file") && line.startsWith(last) ? last : line;
  }
}
