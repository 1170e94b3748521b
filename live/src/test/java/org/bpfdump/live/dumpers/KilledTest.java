// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that ends in the middle of a dump leaves nothing in the kernel, however it ends. */
@RequiresKernel
class KilledTest {
  private static Child start(String signal) throws IOException {
    List<String> command = new ArrayList<>();
    if (!signal.equals("KILL")) {
      // A shell that runs tests in the background has them ignore SIGINT.
      command.addAll(List.of("env", "--default-signal=" + signal));
    }
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(HalfwayMain.class.getName());
    command.add("tcp6"); // has a map
    return Child.start(command.toArray(String[]::new));
  }

  private static Exec.Result show(String kind, String id) {
    return Exec.of("bpftool", kind, "show", "id", id).run();
  }

  private static void requireGone(String kind, String id) throws InterruptedException {
    Exec.Result result = show(kind, id);
    for (int wait = 0; result.exitCode() == 0 && wait < 200; wait++) {
      Thread.sleep(10); // the kernel takes its time
      result = show(kind, id);
    }
    assertThat(result.exitCode()).as(kind + " " + id + ": " + result.out()).isNotZero();
  }

  @ParameterizedTest
  @CsvSource({"KILL, 137", "INT, 130", "TERM, 143"})
  void aSignalLeavesNothing(String signal, int status) throws IOException, InterruptedException {
    try (Child child = start(signal)) {
      String[] ids = child.line().split(" ");
      assertThat(ids[2]).as("bytes read").isEqualTo("10");
      show("link", ids[0]).ok();
      Matcher map = Pattern.compile("map_ids (\\d+)").matcher(show("prog", ids[1]).ok().out());
      assertThat(map.find()).isTrue();
      show("map", map.group(1)).ok();

      Exec.of("kill", "-" + signal, Integer.toString(child.pid())).run().ok();

      assertThat(child.process().waitFor(10, TimeUnit.SECONDS)).isTrue();
      assertThat(child.process().exitValue()).isEqualTo(status);
      requireGone("link", ids[0]);
      requireGone("prog", ids[1]);
      requireGone("map", map.group(1));
    }
  }
}
