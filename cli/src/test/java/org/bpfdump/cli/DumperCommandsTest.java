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

/**
 * Dumpers as files, by the command, in a mount namespace of the test's own in which no bpffs is
 * mounted yet.
 */
@RequiresKernel
class DumperCommandsTest {
  private static final String NO_BPFFS =
      "while umount /sys/fs/bpf 2>/dev/null; do :; done; cd '" + Project.root() + "'\n";

  /** Runs a script in which {@code b} is the command. */
  static Exec.Result script(String script) {
    String function = "b() { " + Bpfdump.shell() + "\"$@\"; }\n";
    return Exec.of("unshare", "-m", "sh", "-c", NO_BPFFS + function + script).run();
  }

  @Test
  void whatMayWriteToItsMapIsPinnedForOthersOnlyByForce() {
    Exec.Result result =
        script(
            """
            again='%s --program stores'
            writes="$again --map walked"
            b dumper pin $writes shared --mode 0444 || echo $?
            b dumper pin $writes shared --owner nobody || echo $?
            b dumper pin $writes own
            b dumper pin $again own --replace
            chmod 0440 /sys/fs/bpf/bpfdump/bpf_map/elem/own
            b dumper pin $again own --replace || echo $?
            b dumper pin $again own --replace --force
            b dumper pin $writes shared --mode 0444 --force
            ls /sys/fs/bpf/bpfdump/bpf_map/elem
            """
                .formatted(Bpfdump.fixture("value_writes")));

    String own = "/sys/fs/bpf/bpfdump/bpf_map/elem/own\n";
    assertThat(result.ok().out())
        .isEqualTo(
            "1\n1\n" + own + own + "1\n" + own + own.replace("own", "shared") + "own\nshared\n");
    assertThat(result.err().lines())
        .hasSize(3)
        .allSatisfy(line ->
            assertThat(line)
                .startsWith("bpfdump: cannot ")
                .contains("may change the values of the map")
                .endsWith("or say --force"));
  }

  @Test
  void aDumperIsPinnedShownReadReplacedAndRemoved() {
    Exec.Result result =
        script(
            """
            set -e
            umask 077
            b dumper pin examples/task_file.bpf.o f1
            b dumper pin examples/task.bpf.o task/my1 --mode 0440 --group adm --pid $$
            stat -c '%n %a %U %G' /sys/fs/bpf/bpfdump/task/my1 /sys/fs/bpf/bpfdump/task/file/f1
            stat -f -c %T /sys/fs/bpf
            cat /sys/fs/bpf/bpfdump/task/my1 | wc -l
            b dumper show dumper | tail -n +2 | tr -s ' ' | cut -d ' ' -f 1,3,4,7-9,12-
            b dumper pin examples/task.bpf.o my1 --replace
            cat /sys/fs/bpf/bpfdump/task/my1 | wc -l
            b dumper rm f1 task/my1
            b dumper show dumper | wc -l
            rm -f /sys/fs/bpf/bpfdump/task/my1
            """);

    assertThat(result.ok().err()).isEmpty();
    assertThat(result.out().replaceAll("pid \\d+", "pid N"))
        .isEqualTo(
            """
            /sys/fs/bpf/bpfdump/task/file/f1
            /sys/fs/bpf/bpfdump/task/my1
            /sys/fs/bpf/bpfdump/task/my1 440 root adm
            /sys/fs/bpf/bpfdump/task/file/f1 400 root root
            bpf_fs
            2
            task/file/f1 task/file dump_task_file 0400 root root - -
            task/my1 task dump_task 0440 root adm pid N -
            /sys/fs/bpf/bpfdump/task/my1
            2
            1
            """);
  }

  @Test
  void theColumnsLineUpAndTheFirstTwoAreThoseOfTheRfc() {
    Exec.Result result =
        script(
            """
            mkdir -p /sys/fs/bpf; mount -t bpf bpf /sys/fs/bpf
            bpftool iter pin examples/task.bpf.o /sys/fs/bpf/a_long_name_that_some_other_tool_chose
            b dumper pin examples/task.bpf.o my1 >/dev/null
            b dumper show dumper
            b dumper show dumper --json
            """);

    List<String> lines = result.ok().out().lines().toList();
    String heading = lines.getFirst();
    assertThat(heading)
        .matches("dumper +prog_id +target +prog_name +tag +link_id +mode +.*parameter +query");
    assertThat(lines.get(1)).startsWith("task/my1 ");
    assertThat(lines.get(2)).startsWith("/sys/fs/bpf/a_long_name_that_some_other_tool_chose ");
    Matcher column = Pattern.compile("\\S+").matcher(heading);
    while (column.find()) {
      for (String line : lines.subList(1, 3)) {
        assertThat(line.charAt(column.start())).as(line).isNotEqualTo(' ');
        if (column.start() > 0) {
          assertThat(line.charAt(column.start() - 1)).as(line).isEqualTo(' ');
        }
      }
    }
    assertThat(lines.get(3)).isEqualTo("[ {");
    assertThat(result.out())
        .contains(
            "\"name\" : \"task/my1\",\n  \"file\" : \"/sys/fs/bpf/bpfdump/task/my1\",",
            "\"target\" : \"task\",",
            "\"prog_name\" : \"dump_task\",",
            "\"loaded_by_uid\" : 0,\n  \"loaded_by\" : \"root\",\n  \"mode\" : \"0400\",",
            "\"file\" : \"/sys/fs/bpf/a_long_name_that_some_other_tool_chose\"");
  }

  @Test
  void whatIsWrongIsOneLineAndChangesNothing() {
    Exec.Result result =
        script(
            """
            b dumper pin examples/task.bpf.o bpf_map/x
            b dumper pin examples/task.bpf.o a.b
            b dumper pin examples/task.bpf.o x --mode 0755
            b dumper pin examples/task.bpf.o x --owner no_such_user
            b dumper pin examples/task.bpf.o x --replace
            b dumper rm x
            stat -f -c %T /sys/fs/bpf
            b dumper pin examples/task.bpf.o x
            b dumper pin examples/task.bpf.o x
            b dumper rm x y
            ls /sys/fs/bpf/bpfdump/task/x
            """);

    assertThat(result.out())
        .isEqualTo(
            """
            sysfs
            /sys/fs/bpf/bpfdump/task/x
            /sys/fs/bpf/bpfdump/task/x
            """);
    assertThat(result.err())
        .isEqualTo(
            """
            bpfdump: cannot pin bpf_map/x: dumpers of target task are in its directory: task/x
            bpfdump: a dumper cannot be named "a.b": the kernel takes 1 to 255 bytes, no dot and no slash
            bpfdump: a dumper cannot have mode 0755: it can be read and written, as in 0440
            bpfdump: there is no user no_such_user on this machine
            bpfdump: no dumper is pinned as task/x; list them first
            bpfdump: no dumper is named x
            bpfdump: cannot pin task/x: the name is taken; choose another, or replace it
            bpfdump: no dumper is named y
            """);
  }

  @Test
  void withoutPrivilegeItSaysWhatIsMissing() {
    Exec.Result result =
        script(
            """
            b dumper pin examples/task.bpf.o x >/dev/null
            n() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+dac_read_search \
              --ambient-caps=-all,+dac_read_search %s "$@"; }
            n dumper show dumper
            n dumper pin examples/task.bpf.o y
            n dumper rm x
            ls /sys/fs/bpf/bpfdump/task
            """
                .formatted(Bpfdump.shell()));

    assertThat(result.out().lines().skip(1)).containsExactly("file", "vma", "x");
    assertThat(result.err().lines())
        .satisfiesExactly(
            show ->
                assertThat(show)
                    .matches("bpfdump: there may be more: \\d+ files .*/task/x among .*as root"),
            pin -> assertThat(pin).contains("cannot pin in", "task: this user may not write there"),
            rm -> assertThat(rm).contains("cannot remove task/x: permission denied"));
  }

  @Test
  void twoThatFindNoFileSystemMountOne() {
    Exec.Result result =
        script(
            """
            for i in 1 2 3; do
              b dumper pin examples/task.bpf.o x >/dev/null & b dumper pin examples/task.bpf.o y >/dev/null
              wait
              echo $(grep -c ' /sys/fs/bpf .* - bpf ' /proc/self/mountinfo) $(ls /sys/fs/bpf/bpfdump/task)
              umount /sys/fs/bpf
            done
            """);

    assertThat(result.ok().out().lines())
        .containsExactly("1 file vma x y", "1 file vma x y", "1 file vma x y");
    assertThat(result.err()).isEmpty();
  }
}
