// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.bpfdump.error.IncompleteException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Parameter.Order;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RunCommandTest {
  private static final String TASK = Project.example("task").toString();

  private final FakeKernel kernel = new FakeKernel();

  private Cli run(String... args) {
    Cli result = Cli.run(kernel::opened, args);
    assertThat(kernel.open).as("what is left open").isZero();
    return result;
  }

  @Test
  void bytesGoThroughUnchanged() {
    Random random = new Random(7);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int length : new int[] {1, 32768, 4096, 32767, 7}) {
      byte[] chunk = new byte[length];
      random.nextBytes(chunk);
      kernel.chunks.add(chunk);
      all.writeBytes(chunk);
    }

    Cli done = run("run", TASK);

    assertThat(done.status()).isZero();
    assertThat(done.bytes()).isEqualTo(all.toByteArray());
    assertThat(done.err()).isEmpty();
    assertThat(kernel.parameters).containsExactly(new Parameter.None());
  }

  @Test
  void theReceiptIsOneLineOnStandardError() {
    kernel.chunks.add("row\n".getBytes(StandardCharsets.UTF_8));

    Cli done = run("run", "--receipt", TASK);

    assertThat(done.status()).isZero();
    assertThat(done.out()).isEqualTo("row\n");
    assertThat(done.err()).isEqualTo("bpfdump: 4 bytes, 2 reads, 0 retries, complete\n");
  }

  @Test
  void anIncompleteDumpGivesWhatThereIsAndSaysWhy() {
    kernel.chunks.add("row\n".getBytes(StandardCharsets.UTF_8));
    kernel.end = new IncompleteException("one row was too long; write less");

    Cli part = run("run", TASK);

    assertThat(part.status()).isEqualTo(3);
    assertThat(part.out()).isEqualTo("row\n");
    assertThat(part.err())
        .isEqualTo(
            "bpfdump: 4 bytes, 2 reads, 0 retries, incomplete: one row was too long; write less\n");
    assertThat(run("-v", "run", TASK).err()).contains("\tat ", "IncompleteException");
  }

  @Test
  void aReadThatFailsLeavesAnIncompleteDumpToo() {
    kernel.end = new SyscallException("reading task failed with EFAULT", 14);

    assertThat(run("run", TASK).status()).isEqualTo(3);
  }

  static Stream<Arguments> parameters() {
    return Stream.of(
        Arguments.of(List.of("--tid", "4"), new Parameter.Tid(4)),
        Arguments.of(List.of("--pid=2147483647"), new Parameter.Pid(Integer.MAX_VALUE)),
        Arguments.of(List.of("--pidfd", "0"), new Parameter.PidFd(0)),
        Arguments.of(List.of("--map", "17"), new Parameter.MapId(17)),
        Arguments.of(List.of("--map", "my_map"), new Parameter.MapName("my_map")),
        Arguments.of(List.of("--map", "./17"), new Parameter.MapPath(Path.of("./17"))),
        Arguments.of(
            List.of("--cgroup", "/sys/fs/cgroup"),
            new Parameter.CgroupPath(Path.of("/sys/fs/cgroup"), Order.DESCENDANTS_PRE)),
        Arguments.of(
            List.of("--order", "ancestors_up", "--cgroup", "8589934592"),
            new Parameter.CgroupId(1L << 33, Order.ANCESTORS_UP)));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void parametersReachTheKernel(List<String> options, Parameter expected) {
    assertThat(run(Stream.concat(Stream.of("run", TASK), options.stream()).toArray(String[]::new)))
        .returns(0, Cli::status)
        .returns("", Cli::err);
    assertThat(kernel.parameters).containsExactly(expected);
  }

  @ParameterizedTest
  @MethodSource("orders")
  void everyOrderHasAName(Order order) {
    assertThat(
            run("run", TASK, "--cgroup=1", "--order", order.name().toLowerCase(Locale.ROOT))
                .status())
        .isZero();
    assertThat(kernel.parameters).containsExactly(new Parameter.CgroupId(1, order));
  }

  static Stream<Order> orders() {
    return Stream.of(Order.values());
  }

  @Test
  void aTargetIsNamedAsInBtfOrByItsPath() {
    run("run", TASK);
    run("run", TASK, "--target", "task/file");
    run("run", TASK, "--target", "task_file");

    assertThat(kernel.loaded)
        .extracting(program -> program.target().orElseThrow())
        .containsExactly("task", "task_file", "task_file");
  }

  @Test
  void anUnknownTargetIsAnsweredWithThoseThereAre() {
    assertThat(run("run", TASK, "--target", "tusk"))
        .returns(1, Cli::status)
        .returns("bpfdump: unknown target tusk: this kernel has task, task/file\n", Cli::err);
  }

  @Test
  void whatTheVerifierRefusesIsShownWithTheEndOfItsLog() {
    kernel.refusal = new VerifierException("refused", 13, "whole\nlog\n", "line\n\ttail");

    assertThat(run("run", TASK))
        .returns(1, Cli::status)
        .returns("bpfdump: refused\nline\n\ttail\n", Cli::err);
    assertThat(run("run", TASK, "-v").err())
        .startsWith("bpfdump: refused\nwhole\nlog\n")
        .contains("\tat ");
  }

  @Test
  void otherFailuresAreOneLine() {
    kernel.refusal = new UnsupportedException("no BTF\nat all \u001b[31m");
    assertThat(run("run", TASK).err()).isEqualTo("bpfdump: no BTF\\x0aat all \\x1b[31m\n");
    assertThat(run("run", TASK, "-v").err()).doesNotContain("\u001b").contains("\n\tat ");

    kernel.refusal = new OutOfMemoryError("Java heap space");
    assertThat(run("run", TASK).err()).matches("bpfdump: out of memory: .* \\d+ MB\n");

    kernel.refusal = new IllegalStateException("what?");
    assertThat(run("run", TASK))
        .returns(1, Cli::status)
        .returns(
            "bpfdump: internal error: java.lang.IllegalStateException: what?;"
                + " run again with -v, and report it\n",
            Cli::err);
    assertThat(run("run", TASK, "--verbose").err()).contains("\tat org.bpfdump.cli.RunCommand");
  }
}
