// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a person does with the file system of dumpers, from a shell, on a machine where bpfdump was
 * just installed and where no bpffs is mounted.
 */
@RequiresKernel
class DumperFileSystemTest {
  @TempDir private Path dir;

  /** {@code e} is the directory of examples, {@code m} a mount of the tree that is to be made. */
  private List<String> session(String script) {
    String begin =
        """
        while umount /sys/fs/bpf 2>/dev/null; do :; done
        "$b" install >/dev/null
        PATH=/usr/local/bin:$PATH
        e='%s'
        m=$2/dump
        mkdir "$m"
        chmod 755 "$2"
        """
            .formatted(Project.root().resolve("examples"));
    return Checkout.script(dir, begin + script).ok().out().lines().toList();
  }

  @Test
  void theTreeIsMountedListedPinnedReadAndEmptied() {
    List<String> out =
        session(
            """
            mount -t bpfdump bpfdump "$m"
            for t in bpf_map ipv6_route netlink task task/file; do stat -c '%a %F' "$m/$t"; done | uniq -c
            bpfdump dumper pin "$e/task_file.bpf.o" f1
            bpfdump dumper pin "$e/task.bpf.o" my1 --mode 0440 --group adm
            stat -c '%a %G %n' "$m/task/my1" | sed "s|$m/||"
            head -n 1 "$m/task/file/f1"
            # one line for each descriptor of this shell, however it is read
            exec 7<"$m/task/file/f1"
            awk -v p=$$ '$1 == p && $3 == 7 { print "found myself" }' "$m/task/file/f1"
            bpfdump fd $$ | awk 'NR > 1 { print $2, $3, $NF }'
            exec 7<&-
            bpfdump fd $$ | wc -l
            bpfdump dumper show dumper | awk 'NR > 1 { print $1 }'
            bpfdump dumper show target | awk '$1 == "task/file" { print $1, $2 }'
            rm -f "$m/task/file/f1"
            bpfdump dumper show dumper | awk 'NR > 1 { print $1 }'
            umount "$m"
            [ -e /sys/fs/bpf/bpfdump/task/my1 ] && echo alive
            bpfdump mount "$m"
            bpfdump umount --purge "$m"
            ls -A "$m" | wc -l
            [ ! -e /sys/fs/bpf/bpfdump ] && echo gone
            """);

    assertThat(out)
        .containsExactly(
            "      5 755 directory",
            "/sys/fs/bpf/bpfdump/task/file/f1",
            "/sys/fs/bpf/bpfdump/task/my1",
            "440 adm task/my1",
            "    tgid      gid       fd      file",
            "found myself",
            "7 task/file " + dir + "/dump/task/file/f1",
            "1",
            "task/file/f1",
            "task/my1",
            "task/file bpf_iter__task_file",
            "task/my1",
            "alive",
            "0",
            "gone");
  }

  @Test
  void aReaderNeedsReadPermissionAlone() {
    List<String> out =
        session(
            """
            bpfdump mount "$m"
            chmod 700 /sys/fs/bpf
            bpfdump dumper pin "$e/task.bpf.o" open --mode 0440 --group adm >/dev/null
            bpfdump dumper pin "$e/task.bpf.o" closed >/dev/null
            user() { setpriv --reuid=65534 --regid=65534 --groups="$1" --inh-caps=-all --bounding-set=-all "$2" "$3"; }
            adm=$(getent group adm | cut -d: -f3)
            user "$adm" cat "$m/task/open" | head -n 1
            user "$adm" cat "$m/task/closed" 2>&1 | sed 's/.*: //'
            user 65534 cat "$m/task/open" 2>&1 | sed 's/.*: //'
            user "$adm" cat /sys/fs/bpf/bpfdump/task/open 2>&1 | sed 's/.*: //'
            """);

    assertThat(out)
        .containsExactly(
            "    tgid      gid", "Permission denied", "Permission denied", "Permission denied");
  }

  @Test
  void namespacesAreTheReaders() {
    List<String> out =
        session(
            """
            bpfdump dumper pin "$e/netlink.bpf.o" n >/dev/null
            bpfdump dumper pin "$e/task.bpf.o" t >/dev/null
            unshare -n --pid --fork --kill-child sh -c 'sleep 1000 & echo ready; wait' >"$2/ready" &
            trap "kill -9 $!" EXIT
            until grep -q ready "$2/ready"; do sleep 0.05; done
            init=$(pgrep -P $!)
            # own pid namespace: the shell and its child, whichever way it is asked for
            bpfdump cat t --pidns $init | tail -n +2 | wc -l
            bpfdump run "$e/task.bpf.o" --pidns /proc/$init/ns/pid | tail -n +2 | wc -l
            [ $(cat /sys/fs/bpf/bpfdump/task/t | wc -l) -gt 5 ] && echo more here
            here=$(bpfdump cat n | tail -n +2 | awk '{ print $NF }' | sort)
            there=$(bpfdump cat n --netns $init | tail -n +2 | awk '{ print $NF }' | sort)
            want=$(nsenter --net=/proc/$init/ns/net cat /proc/net/netlink | tail -n +2 | awk '{ print $NF }' | sort)
            [ "$there" = "$want" ] && [ "$there" != "$here" ] && echo of the namespace
            """);

    assertThat(out).containsExactly("2", "2", "more here", "of the namespace");
  }
}
