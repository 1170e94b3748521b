// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Parameter.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ParameterOptionsTest {
  private static Parameter parse(String line) {
    return ParameterOptions.parse(
        Syntax.parse(new RunCommand(), List.of(("x.o " + line).split(" +"))));
  }

  static Stream<Arguments> parameters() {
    return Stream.of(
        Arguments.of("--receipt", new Parameter.None()),
        Arguments.of("--tid 1", new Parameter.Tid(1)),
        Arguments.of("--pid=2147483647", new Parameter.Pid(Integer.MAX_VALUE)),
        Arguments.of("--pidfd 0", new Parameter.PidFd(0)),
        Arguments.of("--map 17", new Parameter.MapId(17)),
        Arguments.of("--map my_map", new Parameter.MapName("my_map")),
        Arguments.of("--map 17.rodata", new Parameter.MapName("17.rodata")),
        Arguments.of("--map ./17", new Parameter.MapPath(Path.of("./17"))),
        Arguments.of(
            "--cgroup /sys/fs/cgroup",
            new Parameter.CgroupPath(Path.of("/sys/fs/cgroup"), Order.DESCENDANTS_PRE)),
        Arguments.of(
            "--cgroup user.slice",
            new Parameter.CgroupPath(Path.of("user.slice"), Order.DESCENDANTS_PRE)),
        Arguments.of(
            "--order ancestors_up --cgroup 8589934592",
            new Parameter.CgroupId(1L << 33, Order.ANCESTORS_UP)));
  }

  @ParameterizedTest
  @MethodSource("parameters")
  void everyParameterHasAnOption(String line, Parameter expected) {
    assertThat(parse(line)).isEqualTo(expected);
  }

  @ParameterizedTest
  @EnumSource
  void everyOrderHasAName(Order order) {
    String name = order.name().toLowerCase(Locale.ROOT);

    assertThat(parse("--cgroup 1 --order " + name)).isEqualTo(new Parameter.CgroupId(1, order));
    assertThat(parse("--order " + name + " --cgroup a/b"))
        .isEqualTo(new Parameter.CgroupPath(Path.of("a/b"), order));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --tid four         | --tid takes a number from 1, not four
          --tid 0            | --tid takes a number from 1, not 0
          --tid -1           | --tid takes a number from 1, not -1
          --pid 2147483648   | --pid takes a number from 1, not 2147483648
          --pid 99999999999999999999 | --pid takes a number from 1, not 99999999999999999999
          --pidfd -1         | --pidfd takes a number from 0, not -1
          --pidfd 4294967296 | --pidfd takes a number from 0, not 4294967296
          --map 0            | --map takes a number from 1, not 0
          --map 4294967297   | --map takes a number from 1, not 4294967297
          --cgroup 0         | --cgroup takes an id from 1 or a path, not 0
          --cgroup 9223372036854775808 | --cgroup takes an id from 1 or a path, not 9223372036854775808
          --order children   | --order is of use only with --cgroup
          --tid 1 --order children | --order is of use only with --cgroup
          --cgroup / --order up | --order takes self_only, descendants_pre, descendants_post, ancestors_up or children, not up
          --cgroup / --order SELF_ONLY | --order takes self_only, descendants_pre, descendants_post, ancestors_up or children, not SELF_ONLY
          """)
  void whatIsNoParameterIsExplained(String line, String message) {
    assertThatThrownBy(() -> parse(line)).isInstanceOf(UsageException.class).hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({
    "--tid, --pid",
    "--tid, --pidfd",
    "--tid, --map",
    "--tid, --cgroup",
    "--pid, --pidfd",
    "--pid, --map",
    "--pid, --cgroup",
    "--pidfd, --map",
    "--pidfd, --cgroup",
    "--map, --cgroup"
  })
  void aTargetIsNarrowedInOneWay(String one, String other) {
    assertThatThrownBy(() -> parse(other + " 4 " + one + " 4"))
        .isInstanceOf(UsageException.class)
        .hasMessage(one + " and " + other + " exclude each other");
  }

  @Test
  void aPathThatNoFileCanHaveIsExplained() {
    assertThatThrownBy(() -> parse("--map a/\0"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--map: not a path: ");
    assertThatThrownBy(() -> parse("--cgroup a/\0"))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("--cgroup: not a path: ");
  }
}
