// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** Who lacks a capability is told so, and nothing is left of what was tried. */
@RequiresKernel
class PrivilegeTest {
  /**
   * {@code without CAPS} is the command without these; {@code left} says what there is after it.
   */
  private static final String FUNCTIONS =
      """
      n=p$(printf %08d $$); t=$(mktemp -d); trap 'rm -r $t' EXIT
      sed "s/dump_task/$n/g" examples/task.bpf.o >$t/o
      without() { c=$1; shift; setpriv --bounding-set=$c $bpfdump dumper pin $t/o "$@"; }
      left() { echo $(ls /sys/fs/bpf/bpfdump/task) $(bpftool prog list | grep -c " name $n "); }
      """;

  private static Exec.Result script(String script) {
    String command = "bpfdump=$(cat <<'END'\n" + Bpfdump.shell().replace("'", "") + "\nEND\n)\n";
    return DumperCommandsTest.script(command + FUNCTIONS + script);
  }

  @Test
  void whatIsMissingIsSaidAndNothingIsLeft() {
    Exec.Result result =
        script(
            """
            without -sys_admin x; left 2>/dev/null
            mount -t bpf bpf /sys/fs/bpf
            without -perfmon,-sys_admin x; left
            without -bpf,-sys_admin x; left
            without -chown x --group adm --mode 0440; left
            without -all,+bpf,+perfmon x; left
            """);

    assertThat(result.out().lines())
        .containsExactly(
            "0",
            "file vma 0",
            "file vma 0",
            "file vma 0",
            "/sys/fs/bpf/bpfdump/task/x",
            "file vma x 1");
    List<String> errors = result.err().lines().toList();
    assertThat(errors).hasSize(4).allMatch(line -> line.startsWith("bpfdump: cannot "));
    assertThat(errors.get(0)).contains("cannot mount a bpffs at /sys/fs/bpf: EPERM", "as root");
    assertThat(errors.get(1)).contains("EPERM", "CAP_BPF and CAP_PERFMON");
    assertThat(errors.get(2)).contains("EPERM", "CAP_BPF and CAP_PERFMON");
    assertThat(errors.get(3)).contains("its owner, group and mode", "nothing was pinned");
  }
}
