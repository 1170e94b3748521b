// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** Queries as files, by the command, in a mount namespace of the test's own. */
@RequiresKernel
class PinnedQueryTest {
  private static final String PLACE =
      "while umount /sys/fs/bpf 2>/dev/null; do :; done; cd '"
          + Project.root()
          + "'; tree=/sys/fs/bpf/bpfdump\n";

  /** Runs a script in which {@code b} is the command. */
  private static Exec.Result script(String script) {
    String function = "b() { " + Bpfdump.shell() + "\"$@\"; }\n";
    return Exec.of("unshare", "-m", "sh", "-c", PLACE + function + script).run();
  }

  @Test
  void whoeverMayReadTheFileHasTheRows() {
    Exec.Result result =
        script(
            """
            set -e
            b dumper pin --query 'task: tgid, comm where tgid == pid' leaders --mode 0444
            chmod 755 /sys/fs/bpf
            stat -c %a $tree/task/leaders
            setpriv --reuid 65534 --regid 65534 --clear-groups /bin/cat $tree/task/leaders \\
              | awk -v pid=$$ 'NR == 1 || $1 == pid'
            b dumper pin --query 'task: pid, comm where tgid == pid' --format tsv leaders --replace
            /bin/cat $tree/task/leaders | awk -v pid=$$ 'NR == 1 || $1 == pid' | tr '\\t' '|'
            stat -c %a $tree/task/leaders
            b dumper rm task/leaders
            """);

    assertThat(result.ok().err()).isEmpty();
    assertThat(result.out().replaceAll(" *\\d{3,} +sh| \\d{3,}\\|sh", "N sh"))
        .matches(
            """
            /sys/fs/bpf/bpfdump/task/leaders
            444
                tgid comm
            N sh
            /sys/fs/bpf/bpfdump/task/leaders
            pid\\|comm
            \\d+\\|sh
            444
            """);
  }

  @Test
  void theListOfDumpersHasTheText() {
    Exec.Result result =
        script(
            """
            set -e
            b dumper pin --query 'task:   tgid,rss=mm.total_vm*4 where tgid==pid' leaders >/dev/null
            b dumper pin examples/task.bpf.o other >/dev/null
            b dumper show dumper | sed 's/.*parameter *//;s/.* - *\\(task:\\|-$\\)/\\1/'
            b dumper show dumper --json | grep query
            rm $tree/task/leaders $tree/task/other
            """);

    String text = "task: tgid, rss = mm.total_vm * 4 where tgid == pid";
    assertThat(result.ok().out().lines())
        .containsExactly("query", text, "-", "  \"query\" : \"" + text + "\",");
  }

  @Test
  void aParameterAndAnAbsentMatchAreAsForPrograms() {
    Exec.Result result =
        script(
            """
            set -e
            b dumper pin --query 'task: tgid, pid' mine --pid $$ --format tsv >/dev/null
            /bin/cat $tree/task/mine | sed "s/$$/N/g" | tr '\\t' ' '
            b dumper pin --query 'task: pid, tgid' mine --replace --format tsv >/dev/null
            /bin/cat $tree/task/mine | sed "s/$$/N/g" | tr '\\t' ' '
            b dumper pin --query 'task/file: fd, path(file.f_path) where fd < 0' none >/dev/null
            /bin/cat $tree/task/file/none
            b dumper pin --query 'cgroup' groups 2>&1
            b dumper rm mine none groups
            """);

    assertThat(result.ok().out().replaceAll(" +", " "))
        .isEqualTo(
            """
            tgid pid
            N N
            pid tgid
            N N
             fd path(file.f_path)
            bpfdump: the kernel gives a reader of cgroup 32 KiB and no more: keep lines few and short
            /sys/fs/bpf/bpfdump/cgroup/groups
            """);
  }

  @Test
  void elementsOfAMapAreLines() {
    Exec.Result result =
        script(
            """
            set -e
            mkdir -p /sys/fs/bpf; mount -t bpf bpf /sys/fs/bpf
            bpftool map create /sys/fs/bpf/m type hash key 4 value 8 entries 4 name m
            bpftool map update pinned /sys/fs/bpf/m key 1 0 0 0 value 7 0 0 0 0 0 0 0
            b dumper pin --query 'bpf_map_elem: *(u32 *)key, *(u64 *)value' m --map /sys/fs/bpf/m
            /bin/cat $tree/bpf_map/elem/m
            rm $tree/bpf_map/elem/m /sys/fs/bpf/m
            """);

    List<String> lines = result.ok().out().lines().toList();
    assertThat(lines).hasSize(3);
    assertThat(lines.get(2).strip().split(" +")).containsExactly("1", "7");
  }

  @Test
  void whatIsWrongIsPointedAtAndNothingIsPinned() {
    Exec.Result result =
        script(
            """
            b dumper pin --query 'task: tgid, com where tgid == pid' x
            b dumper pin --query 'task: tgid' examples/task.bpf.o x
            b dumper pin --query 'task: tgid' --target task x
            b dumper pin --query 'task: tgid' --format xml x
            b dumper pin --query 'tisk: tgid' x
            b dumper pin examples/task.bpf.o --format tsv x
            b dumper pin examples/task.bpf.o
            find $tree -type f
            """);

    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .contains(
            "task: tgid, com where tgid == pid\n            ^^^\n",
            "with --query there is no OBJECT",
            "--target goes with OBJECT",
            "--format is table or tsv, not xml",
            "tisk",
            "--format goes with --query",
            "missing NAME");
  }
}
