// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.LoadedQuery;
import org.bpfdump.query.Query;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** What is said of queries, and of what they can name. */
@RequiresKernel
class ExplainTest {
  private static final String PROBED = "name = str(file.f_path.dentry.d_name.name)";

  private static String explained(String... words) {
    Cli done = Cli.run(words);
    assertThat(done).returns("", Cli::err).returns(0, Cli::status);
    return done.out();
  }

  @Test
  void directLoadsAndProbesAreToldApart() {
    String text = explained("dump", "task/file", "fd, task.comm", PROBED, "--explain");

    assertThat(text.lines())
        .anyMatch(line -> line.matches(" +fd +at hand +decimal"))
        .anyMatch(line -> line.matches(" +task\\.comm +1 direct load +text"))
        .anyMatch(
            line -> line.matches(" +name +2 direct loads, 1 probe read \\(can be torn\\) .*"));
  }

  @Test
  void cheapConditionsComeFirst() {
    String text =
        explained(
            "dump",
            "task/file",
            "fd",
            "--where",
            "path(file.f_path) == \"/x\" && task.tgid == 1 && fd > 2",
            "--explain");

    List<String> order = text.lines().skip(3).limit(3).map(String::strip).toList();
    assertThat(order.get(0)).startsWith("fd > 2 ");
    assertThat(order.get(1)).startsWith("task.tgid == 1 ");
    assertThat(order.get(2)).startsWith("path(file.f_path) == \"/x\" ");
  }

  @Test
  void theProgramIsTheOneThatTheVerifierCounted() {
    String text = explained("dump", "task", "tgid, comm", "--explain");
    Matcher numbers =
        Pattern.compile("has (\\d+) instructions; the verifier went through (\\d+) of")
            .matcher(text);
    assertThat(numbers.find()).isTrue();
    try (LiveKernel kernel = LiveKernel.open();
        LoadedQuery loaded =
            Query.of("task", List.of("tgid, comm")).load(kernel, new Parameter.None())) {
      LiveDumper dumper = (LiveDumper) loaded.dumper();
      assertThat(Integer.parseInt(numbers.group(2))).isEqualTo(dumper.verifiedInstructions());
    }
    assertThat(text.lines()).contains("; tgid", "; comm").last().asString().endsWith("(95) exit");
  }

  @Test
  void fieldsOfATargetAreTheArgumentsOfItsPrograms() {
    try (LiveKernel kernel = LiveKernel.open()) {
      for (Target target : kernel.targets()) {
        if (target.module().isEmpty()) {
          List<String> names =
              explained("fields", target.path())
                  .lines()
                  .skip(1)
                  .map(line -> line.split(" ", 2)[0])
                  .toList();
          assertThat(names)
              .isEqualTo(target.arguments().stream().map(Target.Argument::name).toList());
        }
      }
    }
  }

  @Test
  void fieldsAndPlansAgree() {
    for (String field : List.of("comm", "mm.total_vm", "comm[tgid % 16]", "comm[3]", "cred.uid")) {
      String read = explained("fields", "task", field).lines().skip(1).toList().getFirst();
      String plan = explained("dump", "task", field, "--explain");

      assertThat(plan.contains(" (can be torn)")).as(field).isEqualTo(read.contains(" probe "));
      assertThat(read).as(field).containsPattern(" (probe|direct) ");
    }
  }

  @Test
  void fieldsTellHowEachIsRead() {
    assertThat(explained("fields", "task/file", "file.f_inode").lines())
        .anyMatch(line -> line.matches("i_ino +direct +\\S.* i_ino"));
    assertThat(explained("fields", "task", "comm[tgid % 16]").lines())
        .anyMatch(line -> line.matches("comm\\[tgid % 16] +probe +char .*"));
    assertThat(explained("fields", "task", "real_parent", "--json"))
        .contains("\"name\" : \"comm\"", "\"declaration\" : \"char comm[16]\"");
  }
}
