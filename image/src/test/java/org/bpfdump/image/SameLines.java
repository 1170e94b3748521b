// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.spec.ProgramSpec;

/**
 * Holds what a program prints on an image against what it printed in the guest, line by line, but
 * for what changed between the two.
 */
final class SameLines {
  /** Who wrote the ground truth down, with its own flag for having used a privilege. */
  private static final String RECORDER = " gt ppid=1 ";

  /** The descriptor that the recorder opened last: another file while it dumped each section. */
  private static final int LAST_DESCRIPTOR = 4;

  private SameLines() {}

  static void check(
      ImageSource source, Engine engine, String program, ProgramSpec spec, GroundTruth truth)
      throws IOException {
    String recorder = recorder(truth);
    try (ImageKernel image = ImageKernel.open(source, engine);
        ImageDumper dumper = image.load(spec);
        ImageDump dump = dumper.open()) {
      String text = new String(dump.stream().readAllBytes(), StandardCharsets.ISO_8859_1);
      List<String> live = truth.iterator(program);
      assertThat(text.lines().map(line -> honest(program, recorder, line)))
          .as(program + " on " + source.files())
          .containsExactlyElementsOf(
              live.stream().map(line -> honest(program, recorder, line)).toList());
      assertThat(live).hasSizeGreaterThan(1);
      assertThat(dump.receipt().complete()).isTrue();
      assertThat(dump.receipt().faults()).isZero();
      assertThat(dump.receipt().notes()).isEmpty();
      assertThat(dump.receipt().bytes()).isEqualTo(text.length());
    }
  }

  /** The id of the process that wrote the ground truth down. */
  private static String recorder(GroundTruth truth) {
    return truth.iterator("task").stream()
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
