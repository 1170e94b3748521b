// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.io.IOException;
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
    SameLines.check(source, engine, program, spec, TestImages.truth(kernel));
  }
}
