// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;

/** The command of this checkout as a person runs it: the run-time image, built when it is not. */
final class Checkout {
  static final Path COMMAND = Project.root().resolve("bpfdump");

  private static final Duration BUILD = Duration.ofMinutes(5);

  private Checkout() {}

  /** Builds the image, so that what follows takes no time. */
  static void build() {
    Exec.of(COMMAND.toString(), "--version").timeout(BUILD).run().ok();
  }

  /**
   * Runs a script as root of a machine on which bpfdump was never installed: {@code $b} is the
   * command, and what is written to {@code /usr/local} and where mount(8) finds helpers is gone
   * when it ends.
   */
  static Exec.Result script(Path scratch, String script) {
    assumeThat(Exec.of("id", "-u").run().ok().out()).as("root's user id").isEqualTo("0\n");
    build();
    String machine =
        """
        set -e
        b=$1
        mount -t tmpfs tmpfs "$2"
        for d in /usr/local "$(readlink -f /sbin)"; do
          mkdir -p "$2$d/upper" "$2$d/work"
          mount -t overlay -o "lowerdir=$d,upperdir=$2$d/upper,workdir=$2$d/work" overlay "$d"
        done
        rm -f /sbin/mount.bpfdump
        state() { find /usr/local "$(readlink -f /sbin)" | sort; }
        cd /
        """;
    return Exec.of(
            List.of(
                "unshare",
                "-m",
                "sh",
                "-c",
                machine + script,
                "sh",
                COMMAND.toString(),
                scratch + ""))
        .timeout(Duration.ofMinutes(2))
        .run();
  }

  /** Skips the test where a program is not there; not in CI, where all are. */
  static void require(String program) {
    boolean found = false;
    for (String directory : System.getenv("PATH").split(":")) {
      found |= Files.isExecutable(Path.of(directory, program));
    }
    if ("1".equals(System.getenv("BPFDUMP_REQUIRE_KERNEL"))) {
      assertThat(found).as(program + " is installed").isTrue();
    }
    assumeThat(found).as(program + " is installed").isTrue();
  }
}
