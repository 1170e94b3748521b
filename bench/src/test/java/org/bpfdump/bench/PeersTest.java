// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The C side is compiled by {@code bench/run} only, and must not rot until then. */
class PeersTest {
  @Test
  void cProgramsCompileWithoutAWarning() throws IOException {
    Assumptions.assumeTrue(
        Files.exists(Path.of("/usr/include/bpf/libbpf.h")), "libbpf-dev is not installed");
    List<String> command =
        new ArrayList<>(
            List.of("gcc", "-fsyntax-only", "-std=gnu11", "-Wall", "-Wextra", "-Werror"));
    try (var sources = Files.newDirectoryStream(Path.of("src/main/c"), "*.c")) {
      sources.forEach(source -> command.add(source.toString()));
    }
    assertThat(command).hasSizeGreaterThan(6);
    Exec.Result result = Exec.of(command).run();
    assertThat(result.exitCode()).as(result.err()).isZero();
  }
}
