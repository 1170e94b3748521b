// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** What is said of pinned dumpers is what bpftool says of their links and programs. */
@RequiresKernel
class ShowDumperTest {
  /** A file system of its own, and in it a map and dumpers with every kind of parameter. */
  private static final String PINS =
      """
      set -e
      mount -t bpf bpf /sys/fs/bpf
      d=$(mktemp -d); trap 'umount $d 2>/dev/null || :; rmdir $d' EXIT
      mount -t cgroup2 none $d
      mkdir -p /sys/fs/bpf/other
      bpftool map create /sys/fs/bpf/m type hash key 4 value 8 entries 4 name shown_map
      id=$(bpftool map show pinned /sys/fs/bpf/m | head -n 1 | cut -d : -f 1)
      {
      b dumper pin examples/task.bpf.o none
      b dumper pin examples/task.bpf.o tid --tid $$
      b dumper pin examples/task_file.bpf.o pid --pid $$
      by_pidfd dumper pin examples/task.bpf.o pidfd --pidfd 9
      b dumper pin "$bpf_map_elem" by_id --map $id --mode 0440 --group adm
      b dumper pin "$bpf_map_elem" by_name --map shown_map
      b dumper pin "$bpf_map_elem" by_path --map /sys/fs/bpf/m --owner nobody
      b dumper pin "$bpf_map_elem" own_map --map walked
      b dumper pin "$bpf_sk_storage_map" storage --map walked
      b dumper pin "$cgroup" all
      b dumper pin "$cgroup" below --cgroup $d --order ancestors_up
      b dumper pin "$cgroup" one --cgroup $(stat -c %i $d) --order self_only
      b dumper pin "$ksym" symbols
      bpftool iter pin examples/netlink.bpf.o /sys/fs/bpf/other/netlink
      bpftool iter pin "$bpf_map_elem" /sys/fs/bpf/elements map id $id
      } >/dev/null
      """;

  private static Exec.Result script(String end) {
    String functions =
        "by_pidfd() { perl -MPOSIX -e 'dup2(syscall(434, getppid, 0), 9) // die; exec @ARGV' "
            + Bpfdump.shell()
            + "\"$@\"; }\n";
    StringBuilder names = new StringBuilder();
    for (String fixture : new String[] {"bpf_map_elem", "bpf_sk_storage_map", "cgroup", "ksym"}) {
      names.append(fixture).append("='").append(Bpfdump.fixture("target_" + fixture)).append("'\n");
    }
    return DumperCommandsTest.script(functions + names + PINS + end);
  }

  private static Map<Object, Map<?, ?>> byId(Object list, String id) {
    Map<Object, Map<?, ?>> found = new HashMap<>();
    for (Object entry : (List<?>) list) {
      Map<?, ?> fields = (Map<?, ?>) entry;
      found.put(fields.get(id), fields);
    }
    return found;
  }

  @Test
  void itAgreesWithBpftoolOnEveryFieldThatBothHave() throws IOException {
    String[] parts =
        script(
                """
                bpftool link show -j; echo ---; bpftool prog show -j; echo ---
                b dumper show dumper --json
                """)
            .ok()
            .out()
            .split("---\n");
    Map<Object, Map<?, ?>> links = byId(ShowTargetTest.json(parts[0]), "id");
    Map<Object, Map<?, ?>> programs = byId(ShowTargetTest.json(parts[1]), "id");
    List<?> shown = (List<?>) ShowTargetTest.json(parts[2]);

    assertThat(shown).hasSize(15);
    for (Object entry : shown) {
      Map<?, ?> dumper = (Map<?, ?>) entry;
      Map<?, ?> link = links.get(dumper.get("link_id"));
      Map<?, ?> program = programs.get(dumper.get("prog_id"));
      assertThat(link).as(dumper + "").isNotNull();
      assertThat(program).as(dumper + "").isNotNull();
      for (Map.Entry<?, ?> field : link.entrySet()) {
        if (!List.of("id", "type", "pids").contains(field.getKey())) {
          assertThat(dumper.get(field.getKey()))
              .as(dumper + ": " + field.getKey())
              .isEqualTo(field.getValue());
        }
      }
      // The kernel keeps 15 characters; bpftool looks up the rest in the program's types.
      String name = (String) program.get("name");
      assertThat(dumper.get("prog_name")).isEqualTo(name.substring(0, Math.min(15, name.length())));
      assertThat(dumper.get("prog_tag")).isEqualTo(program.get("tag"));
      assertThat(dumper.get("loaded_by_uid")).isEqualTo(program.get("uid"));
      // Each takes the difference of two clocks, one after the other.
      assertThat((int) dumper.get("loaded_at"))
          .isBetween((int) program.get("loaded_at") - 1, (int) program.get("loaded_at") + 1);
      assertThat(dumper.get("loaded"))
          .hasToString(java.time.Instant.ofEpochSecond((int) dumper.get("loaded_at")).toString());
    }
  }

  @Test
  void eachParameterIsShownAsTheKernelKeepsIt() {
    Exec.Result result =
        script(
            """
            echo $$ $id $(stat -c %i $d)
            b dumper show dumper | tail -n +2 | tr -s ' ' | cut -d ' ' -f 1,7-9,11- | sed 's, -$,,'
            """);
    String text = result.ok().out();
    String[] ids = text.substring(0, text.indexOf('\n')).split(" ");

    assertThat(
            text.substring(text.indexOf('\n') + 1)
                .replaceAll("(own_map|storage)(.*) \\d+", "$1$2 N"))
        .isEqualTo(
            """
            bpf_map/elem/by_id 0440 root adm root map MAP
            bpf_map/elem/by_name 0400 root root root map MAP
            bpf_map/elem/by_path 0400 nobody root root map MAP
            bpf_map/elem/own_map 0400 root root root map N
            bpf_sk_storage_map/storage 0400 root root root map N
            cgroup/all 0400 root root root cgroup CGROUP descendants_pre
            cgroup/below 0400 root root root cgroup CGROUP ancestors_up
            cgroup/one 0400 root root root cgroup CGROUP self_only
            ksym/symbols 0400 root root root -
            task/file/pid 0400 root root root pid PID
            task/none 0400 root root root -
            task/pidfd 0400 root root root pid PID
            task/tid 0400 root root root tid PID
            /sys/fs/bpf/elements 0600 root root root map MAP
            /sys/fs/bpf/other/netlink 0600 root root root -
            """
                .replace("MAP", ids[1])
                .replace("CGROUP", ids[2])
                .replace("PID", ids[0]));
  }
}
