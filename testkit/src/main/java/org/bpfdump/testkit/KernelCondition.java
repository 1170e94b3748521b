// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Decides for {@link RequiresKernel} whether a test can run here. */
final class KernelCondition implements ExecutionCondition {
  private static final String REQUIRE = "BPFDUMP_REQUIRE_KERNEL";
  private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    Optional<String> missing = missing();
    if (missing.isEmpty()) {
      return ConditionEvaluationResult.enabled("the kernel can be used");
    }
    if ("1".equals(System.getenv(REQUIRE))) {
      throw new IllegalStateException(REQUIRE + "=1, but " + missing.get());
    }
    return ConditionEvaluationResult.disabled(missing.get());
  }

  /** What this machine lacks for the tests that need the kernel. */
  static Optional<String> missing() {
    if (effectiveUid() != 0) {
      return Optional.of("not root: run as root to test on the kernel");
    }
    if (!Files.isReadable(BTF)) {
      return Optional.of("no " + BTF + ": needs a kernel with CONFIG_DEBUG_INFO_BTF=y");
    }
    if (!BpfObjects.bpftoolFound()) {
      return Optional.of("no bpftool: apt-get install bpftool");
    }
    Exec.Result list = Exec.of("bpftool", "prog", "list").run();
    if (list.exitCode() != 0) {
      return Optional.of("bpf(2) refuses: " + list.err().strip());
    }
    return Optional.empty();
  }

  /** The effective user id by {@code /proc/self/status}, -1 where there is no such file. */
  private static int effectiveUid() {
    List<String> lines;
    try {
      lines = Files.readAllLines(Path.of("/proc/self/status"));
    } catch (IOException e) {
      return -1;
    }
    for (String line : lines) {
      if (line.startsWith("Uid:")) {
        return Integer.parseInt(line.split("\\s+")[2]); // Uid: real effective saved fs
      }
    }
    return -1;
  }
}
