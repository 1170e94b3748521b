// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Random;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installing into the system itself, of which the test has a copy of its own. */
class InstalledSystemTest {
  @TempDir private Path dir;

  private Exec.Result script(String script) {
    return Checkout.script(dir, script);
  }

  @Test
  void theInstalledCommandTakesItselfAway() {
    Exec.Result result =
        script(
            """
            before=$(state)
            "$b" install >/dev/null
            PATH=/usr/local/bin:$PATH
            bpfdump dumper show target | head -n 1
            bpfdump uninstall | sed 's|^/usr/sbin|/sbin|' | LC_ALL=C sort
            [ "$(state)" = "$before" ] && echo as before
            "$b" uninstall || echo $?
            """);

    assertThat(result.ok().out())
        .matches(
            """
            target +prog_ctx_type +prototype
            /sbin/mount.bpfdump
            /usr/local/bin/bpfdump
            /usr/local/share/bash-completion/completions/bpfdump
            /usr/local/share/fish/vendor_completions.d/bpfdump.fish
            /usr/local/share/man/man8/bpfdump.8
            /usr/local/share/man/man8/mount.bpfdump.8
            /usr/local/share/zsh/site-functions/_bpfdump
            as before
            1
            """);
    assertThat(result.err())
        .startsWith("bpfdump: cannot uninstall: nothing is installed in /usr/local;");
  }

  @Test
  void theCommandIsNeverMissingWhileItIsReplaced() {
    Exec.Result result =
        script(
            """
            "$b" install >/dev/null
            : >"$2/runs"
            while [ ! -e "$2/stop" ]; do
              /usr/local/bin/bpfdump --version >/dev/null 2>>"$2/errors" || echo failed >>"$2/errors"
              echo x >>"$2/runs"
            done &
            for i in 1 2 3 4 5; do
              "$b" install >/dev/null
              # who runs an image of two installations ago has lost it
              runs=$(wc -l <"$2/runs")
              until [ $(wc -l <"$2/runs") -gt $((runs + 1)) ]; do sleep 0.01; done
            done
            touch "$2/stop"
            wait
            cat "$2/errors" || :
            echo went on
            """);

    assertThat(result.ok().out()).isEqualTo("went on\n");
  }

  @RequiresKernel
  @Test
  void aRunningCommandGoesOnWhenItIsReplacedOnce() {
    Exec.Result result =
        script(
            """
            "$b" install >/dev/null
            mkfifo "$2/slow"
            /usr/local/bin/bpfdump run "${b%%/*}/examples/bpf_map.bpf.o" --receipt >"$2/slow" 2>"$2/receipt" &
            exec 3<"$2/slow"
            "$b" install >/dev/null
            cat <&3 >/dev/null
            wait $!
            cat "$2/receipt"
            """
                .replace("%%", "%"));

    assertThat(result.ok().out()).endsWith(", complete\n");
  }

  @Test
  void anInstallationThatWasKilledIsMendedByTheNext() {
    long seed = System.nanoTime();
    System.out.println("InstalledSystemTest: seed " + seed);
    Random random = new Random(seed);
    StringBuilder delays = new StringBuilder();
    for (int i = 0; i < 15; i++) {
      delays.append(" 0.").append("%03d".formatted(random.nextInt(160)));
    }
    Exec.Result result =
        script(
            """
            before=$(state)
            cut=0
            for delay in %s; do
              case $delay in *[02468]) "$b" install >/dev/null ;; esac
              "$b" install >/dev/null 2>&1 & sleep $delay; kill -9 $! 2>/dev/null || :
              { wait $!; } 2>/dev/null || cut=$((cut + 1))
              [ ! -e /usr/local/bin/bpfdump ] || /usr/local/bin/bpfdump --version >/dev/null
              case $delay in *[0369])
                "$b" uninstall >/dev/null 2>&1 || :
                "$b" install >/dev/null
                ;;
              esac
              "$b" install >/dev/null
              /usr/local/bin/bpfdump --version >/dev/null
              "$b" uninstall >/dev/null
              [ "$(state)" = "$before" ]
            done
            [ $cut -gt 0 ] && echo killed
            """
                .formatted(delays));

    assertThat(result.ok().out()).isEqualTo("killed\n");
    assertThat(result.err()).isEmpty();
  }

  @Test
  void withoutPrivilegeTheHelperIsLeftOut() {
    Exec.Result result =
        script(
            """
            chmod 755 "$2"; mkdir "$2/home"; chown 65534:65534 "$2/home"
            n() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+dac_read_search \
              --ambient-caps=-all,+dac_read_search "$@"; }
            n "$b" install --prefix "$2/home/.local" | wc -l
            n "$2/home/.local/bin/bpfdump" dumper show target | head -n 1 | cut -c 1-6
            n "$2/home/.local/bin/bpfdump" uninstall | wc -l
            ls -A "$2/home"
            n "$b" install || echo $?
            """);

    assertThat(result.ok().out()).isEqualTo("6\ntarget\n6\n1\n");
    assertThat(result.err().lines().map(l -> l.replace("/usr/sbin/", "/sbin/")))
        .satisfiesExactly(
            note ->
                assertThat(note)
                    .isEqualTo(
                        "bpfdump: left out: /sbin/mount.bpfdump, where this user may not write; mount"
                            + " -t bpfdump and fstab need it, bpfdump itself does not"),
            refused ->
                assertThat(refused)
                    .matches(
                        "bpfdump: cannot install: /usr/local/.*: permission denied; run it.*"));
  }

  @Test
  void theHelperOfAnotherInstallationStaysWithIt() {
    Exec.Result result =
        script(
            """
            "$b" install >/dev/null
            "$b" install --prefix "$2/opt" | wc -l
            "$2/opt/bin/bpfdump" uninstall >/dev/null
            grep ^bpfdump= /sbin/mount.bpfdump
            """);

    assertThat(result.ok().out()).isEqualTo("6\nbpfdump='/usr/local/bin/bpfdump'\n");
    assertThat(result.err()).contains("left alone: ", "/mount.bpfdump is another's; ");
  }

  @RequiresKernel
  @Test
  void mountAndFstabShowTheTree() {
    Exec.Result result =
        script(
            """
            while umount /sys/fs/bpf 2>/dev/null; do :; done
            "$b" install >/dev/null
            mkdir "$2/m" "$2/f"
            mount -t bpfdump bpfdump "$2/m"
            ls -d "$2/m/task/file"
            echo "bpfdump $2/f bpfdump ro,nosuid 0 0" >"$2/fstab"
            mount -a -T "$2/fstab"
            mount -a -T "$2/fstab"
            findmnt -n -o FSTYPE,FSROOT "$2/f"
            [ "$(ls "$2/f")" = "$(ls /sys/fs/bpf/bpfdump)" ] && echo the same
            mkdir "$2/f/x" 2>/dev/null || echo read-only
            mount -t bpfdump bpfdump "$2/none" || echo $?
            """);

    assertThat(result.ok().out().replace(dir.toString(), "DIR"))
        .isEqualTo("DIR/m/task/file\nbpf    /bpfdump\nthe same\nread-only\n32\n");
    assertThat(result.err()).startsWith("bpfdump: cannot mount the tree of dumpers at " + dir);
  }

  @Test
  void mountCallsTheCommandOfItsInstallation() {
    Exec.Result result =
        script(
            """
            "$b" install --prefix "$2/a b" >/dev/null
            cat >"$2/a b/bin/bpfdump" <<'END'
            #!/bin/sh
            for word; do printf '<%s>' "$word"; done
            echo
            [ "${word##*/}" != bad ]
            END
            mkdir "$2/m" "$2/bad"
            mount -t bpfdump bpfdump "$2/m"
            mount -n -v -t bpfdump -o ro,mode=0700 any "$2/m" | grep '^<'
            echo "bpfdump $2/m bpfdump nodev 0 0" >"$2/fstab"
            mount -a -T "$2/fstab"
            mount -t bpfdump bpfdump "$2/bad" || echo $?
            mount.bpfdump bpfdump "$2/m" -sf -N /proc/self/ns/mnt -t bpfdump
            mount.bpfdump bpfdump || echo $?
            """);

    assertThat(result.ok().out().replace(dir.toString(), "DIR"))
        .isEqualTo(
            """
            <mount><-o><rw><--><DIR/m>
            <mount><-n><-v><-o><ro,mode=0700><--><DIR/m>
            <mount><-o><rw,nodev><--><DIR/m>
            <mount><-o><rw><--><DIR/bad>
            32
            <mount><-s><-f><--><DIR/m>
            1
            """);
    assertThat(result.err()).startsWith("usage: mount.bpfdump SPEC DIR ");
  }
}
