// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** {@code bpfdump fd} from a shell, which has the descriptors itself. */
@RequiresKernel
class FdCommandTest {
  /** Runs a script in which {@code b} is the command, and a bpffs the script's own. */
  private static Exec.Result script(String options, String script) {
    String setup =
        "while umount /sys/fs/bpf 2>/dev/null; do :; done\n"
            + "cd '"
            + Project.root()
            + "'\nset -e\nmount -t bpf bpf /sys/fs/bpf\nb() { "
            + Bpfdump.shell()
            + "\"$@\"; }\n"
            + "b dumper pin examples/task.bpf.o my1 >/dev/null\n"
            + "b dumper pin examples/task_file.bpf.o f1 >/dev/null\n";
    return Exec.sh(
            "exec unshare " + options + " bash -c '" + (setup + script).replace("'", "'\\''") + "'")
        .run();
  }

  @Test
  void theShellsOwnAreShownInColumnsThatLineUp() {
    Exec.Result result =
        script(
            "-m",
            """
            exec 17</sys/fs/bpf/bpfdump/task/my1 8</sys/fs/bpf/bpfdump/task/file/f1 9</proc/self/maps
            printf 'a b\\033[1m' >/proc/$$/comm
            rm -f /sys/fs/bpf/bpfdump/task/my1
            b fd $$
            b fd | grep "^$$ "
            echo $$
            """);

    List<String> lines = result.ok().out().lines().toList();
    String pid = lines.getLast();
    assertThat(result.err()).isEmpty();
    assertThat(lines).hasSize(6);
    assertThat(lines.get(0))
        .matches("pid +fd  target +prog_id +prog_name +session +objects  ended  comm +file");
    assertThat(lines.get(1))
        .matches(
            pid
                + " +8 +task/file +\\d+ +dump_task_file +\\d+ +0 +no +a b\\\\x1b\\[1m  "
                + "/sys/fs/bpf/bpfdump/task/file/f1");
    assertThat(lines.get(2))
        .matches(pid + " +17 +task +.*  /sys/fs/bpf/bpfdump/task/my1 \\(removed\\)");
    Matcher column = Pattern.compile("\\S+").matcher(lines.get(0));
    while (column.find()) {
      for (String line : lines.subList(1, 3)) {
        assertThat(line.charAt(column.start())).as(line).isNotEqualTo(' ');
        assertThat(column.start() == 0 || line.charAt(column.start() - 1) == ' ').as(line).isTrue();
      }
    }
    assertThat(lines.subList(3, 5)).allMatch(line -> line.startsWith(pid + " "));
  }

  @Test
  void theSameAsData() {
    Exec.Result result =
        script(
            "-m",
            """
            exec 8</sys/fs/bpf/bpfdump/task/my1
            head -c 1000000 <&8 | wc -l
            b fd $$ --json
            bpftool -j link show
            """);

    List<String> lines = result.ok().out().lines().toList();
    assertThat(lines.subList(1, 3)).containsExactly("[ {", lines.get(2));
    String json = result.out();
    assertThat(json).contains("  \"comm\" : \"bash\",\n  \"fd\" : 8,\n  \"target\" : \"task\",\n");
    assertThat(json).contains("  \"ended\" : true,\n");
    assertThat(json).contains("  \"objects\" : " + (Integer.parseInt(lines.get(0)) - 2) + ",\n");
    assertThat(json)
        .contains("  \"file\" : \"/sys/fs/bpf/bpfdump/task/my1\",\n  \"removed\" : false,\n");
    Matcher ids =
        Pattern.compile("\"prog_id\" : (\\d+).*\"link_id\" : (\\d+)", Pattern.DOTALL).matcher(json);
    assertThat(ids.find()).isTrue();
    assertThat(lines.getLast())
        .contains(
            "{\"id\":" + ids.group(2) + ",\"type\":\"iter\",\"prog_id\":" + ids.group(1) + ",");
  }

  @Test
  void processesAreNumberedAsInTheCallersPidNamespace() {
    Exec.Result result =
        script(
            "-mpf --mount-proc",
            """
            echo $$
            exec 8</sys/fs/bpf/bpfdump/task/my1
            b fd | tr -s ' ' | cut -d ' ' -f 1-3
            """);

    assertThat(result.ok().out()).startsWith("1\npid fd target\n1 8 task\n");
  }

  @Test
  void withoutPrivilegeItSaysWhatItNeeds() {
    Exec.Result refused = Bpfdump.runAsNobody("fd");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err())
        .matches("bpfdump: .*: run as root, or with the capabilities CAP_BPF and CAP_PERFMON\n");
  }

  @Test
  void aProcessThatIsNotThereIsAnError() {
    Exec.Result refused = Bpfdump.run("fd", Integer.toString(Integer.MAX_VALUE));

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err()).isEqualTo("bpfdump: no process has id 2147483647\n");
  }
}
