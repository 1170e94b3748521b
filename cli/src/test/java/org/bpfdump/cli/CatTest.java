// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.testkit.NativeSocket.AF_INET6;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.OwnPidNamespace;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pinned dumpers read by name, in a mount namespace of the test's own with a bpffs of its own. */
@RequiresKernel
class CatTest {
  private static final String ROUTES = Project.example("ipv6_route").toString();
  private static final String TASKS = Project.example("task").toString();

  @TempDir private Path dir;

  /**
   * Runs a script in which {@code b} is the command, {@code user} is it for one without privilege
   * but of group adm, and {@code $T} is the tree.
   */
  private static Exec.Result script(String script) {
    StringBuilder all = new StringBuilder();
    all.append("while umount /sys/fs/bpf 2>/dev/null; do :; done; T=/sys/fs/bpf/bpfdump\n");
    // Nobody may look into a home directory, where the modules can be.
    all.append("mount -t tmpfs -o mode=755 tmpfs /mnt\n");
    String path = Bpfdump.modulePath();
    StringBuilder copied = new StringBuilder();
    int count = 0;
    for (String module : path.split(File.pathSeparator)) {
      String place = "/mnt/" + count++;
      all.append("mkdir " + place + "; cp -r '" + module + "' " + place + "\n");
      copied.append(count == 1 ? "" : File.pathSeparator).append(place).append('/');
      copied.append(Path.of(module).getFileName());
    }
    all.append("chmod -R a+rX /mnt; cd /mnt\n");
    String command = Bpfdump.shell().replace(path, copied);
    all.append("b() { " + command + "\"$@\"; }\n");
    all.append("user() { setpriv --reuid=65534 --regid=65534 --groups=adm ");
    all.append(command + "\"$@\"; }\n");
    return Exec.of("unshare", "-m", "sh", "-c", all.append(script).toString()).run();
  }

  /** The ids of the processes in what the example {@code task} wrote. */
  private static Set<Integer> processes(String text) {
    Set<Integer> processes = new TreeSet<>();
    text.lines()
        .filter(line -> !line.contains("tgid"))
        .forEach(line -> processes.add(Integer.valueOf(line.strip().split(" ")[0])));
    return processes;
  }

  @Test
  void aDumperIsFoundByEachOfItsNames() {
    Exec.Result result =
        script(
            """
            set -e
            b dumper pin %s r1 >r1
            b dumper pin %s r2 >r2
            cat $T/ipv6_route/r1 >expected
            test -s expected
            b cat r1 | cmp - expected
            b cat ipv6_route/r1 | cmp - expected
            b cat $T/ipv6_route/r1 | cmp - expected
            cd $T/ipv6_route
            b cat ./r1 --receipt | cmp - /mnt/expected
            b cat r1 /sys/fs/bpf/bpfdump/ipv6_route/r2 --receipt >/mnt/both
            cat /mnt/expected /mnt/expected | cmp - /mnt/both
            stat -c %%s /mnt/expected /mnt/both
            """
                .formatted(ROUTES, ROUTES));

    List<String> sizes = result.ok().out().lines().toList();
    assertThat(result.err().lines())
        .satisfiesExactly(
            one -> assertThat(one).startsWith("bpfdump: " + sizes.get(0) + " bytes, "),
            two ->
                assertThat(two)
                    .startsWith("bpfdump: " + sizes.get(1) + " bytes, ")
                    .endsWith(", complete"));
  }

  @Test
  void aUserReadsWhatTheFileLetsThem() {
    Exec.Result result =
        script(
            """
            b dumper pin %s shown --mode 0440 --group adm >shown
            b dumper pin %s hidden >hidden
            user cat shown | grep -c ' '$$'$'
            user cat ipv6_route/hidden
            user cat shown --netns 1
            user cat shown --pidns $$
            chmod 700 /sys/fs/bpf
            user cat shown
            user cat $T/task/shown
            """
                .formatted(TASKS, ROUTES));

    assertThat(result.out()).isEqualTo("1\n");
    assertThat(result.err().lines())
        .satisfiesExactly(
            mode ->
                assertThat(mode)
                    .isEqualTo(
                        "bpfdump: cannot read dumper /sys/fs/bpf/bpfdump/ipv6_route/hidden: EACCES"
                            + " (permission denied); it takes read permission of the file and the"
                            + " right to search the directories above it"),
            netns -> assertThat(netns).contains("cannot open network namespace", "CAP_SYS_ADMIN"),
            pidns -> assertThat(pidns).contains("cannot open pid namespace", "CAP_SYS_ADMIN"),
            name ->
                assertThat(name)
                    .isEqualTo(
                        "bpfdump: no dumper is named shown that this user can see, who may not"
                            + " search /sys/fs/bpf; ask its owner"),
            path -> assertThat(path).contains("cannot read dumper /sys/fs/bpf/bpfdump/task/shown"));
  }

  @Test
  void tasksAreThoseOfThePidNamespace() throws IOException {
    try (OwnPidNamespace namespace = new OwnPidNamespace()) {
      String id = Integer.toString(namespace.first());
      Set<Integer> known = namespace.processes();
      assertThat(processes(Cli.run("run", TASKS, "--pidns", id).out())).isEqualTo(known);
      assertThat(processes(Cli.run("run", TASKS, "--pidns", namespace.path().toString()).out()))
          .isEqualTo(known);
      assertThat(processes(Cli.run("run", TASKS, "--pidns", id, "--pid", "1").out()))
          .containsExactly(namespace.first());
      assertThat(Cli.run("run", TASKS, "--pidns", id, "--all-netns").out().lines())
          .anyMatch(line -> line.matches("\\S+\t +" + id + " +" + id));

      Exec.Result read =
          script("b dumper pin " + TASKS + " t >t; b cat t --pidns " + id + " --receipt");
      assertThat(processes(read.ok().out())).isEqualTo(known);
      assertThat(read.err()).endsWith(", complete\n");
      // by the modules of a module path, and with whatever /proc that has
      Exec.Result alone = Bpfdump.run("run", TASKS, "--pidns", id).ok();
      assertThat(processes(alone.out())).isEqualTo(known);
      assertThat(alone.err()).isEmpty();
    }
  }

  @Test
  void aNetworkNamespaceAndAPidNamespaceTogether() throws IOException {
    try (OwnPidNamespace processes = new OwnPidNamespace();
        NetworkNamespace network = new NetworkNamespace()) {
      network.ip("route add fd54::/64 dev lo");
      String net = Integer.toString(network.tid());
      String pid = Integer.toString(processes.first());
      Cli routes = Cli.run("run", ROUTES, "--netns", net, "--pidns", pid);
      assertThat(routes.err()).isEmpty();
      assertThat(routes.out()).contains("fd54").isEqualTo(network.proc("ipv6_route"));
      Cli tasks = Cli.run("run", TASKS, "--netns", net, "--pidns", pid);
      assertThat(processes(tasks.out())).isEqualTo(processes.processes());
    }
  }

  @Test
  void aPidNamespaceThatCannotBeEnteredIsSaidInALine() {
    Cli none = Cli.run("run", TASKS, "--pidns", "2147483647");
    assertThat(none.err()).isEqualTo("bpfdump: no process has the id 2147483647\n");
    assertThat(none.status()).isEqualTo(1);
    Cli other = Cli.run("run", TASKS, "--pidns", "/proc/self/ns/net");
    assertThat(other.err()).startsWith("bpfdump: /proc/self/ns/net is no pid namespace; ");

    // /proc stays that of the namespace above, of which the command is no part then
    String above = "/proc/" + ProcessHandle.current().pid() + "/ns/pid";
    Exec.Result up =
        Bpfdump.runBy(List.of("unshare", "--pid", "--fork"), "run", TASKS, "--pidns", above);
    assertThat(up.exitCode()).isEqualTo(1);
    assertThat(up.out()).isEmpty();
    assertThat(up.err())
        .isEqualTo(
            "bpfdump: cannot enter pid namespace "
                + above
                + ": it is neither this process's own nor one below it; run in the one above"
                + " both\n");
  }

  @Test
  void oneThatIsNotCompleteIsNoReasonToLeaveOutTheOthers() throws IOException {
    String object =
        Files.readString(Path.of(Bpfdump.fixture("target_tcp")), StandardCharsets.ISO_8859_1);
    String wide = object.replace("%u %u %u\n\0", "%99999u\n\0\0");
    assertThat(wide).isNotEqualTo(object);
    Path file = dir.resolve("wide.o");
    Files.writeString(file, wide, StandardCharsets.ISO_8859_1);
    try (NetworkNamespace network = new NetworkNamespace();
        NativeSocket socket = network.socket(AF_INET6, SOCK_STREAM, 0).bind("::1", 4664)) {
      socket.listen(1);
      Exec.Result result =
          script(
              """
              b dumper pin %s wide >wide
              b dumper pin %s routes >routes
              b cat wide routes --netns %d
              """
                  .formatted(file, ROUTES, network.tid()));

      assertThat(result.exitCode()).isEqualTo(3);
      assertThat(result.out()).isEqualTo(network.proc("ipv6_route")).isNotEmpty();
      assertThat(result.err().lines()).hasSize(1);
      assertThat(result.err())
          .contains(" bytes, ", "incomplete: of dumper /sys/fs/bpf/bpfdump/tcp/wide ", "E2BIG");
    }
  }
}
