// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a query computes is what the system's own files and programs say of the same objects. */
@RequiresKernel
class SystemAnswersTest {
  /** {@code O_CLOEXEC}: of the descriptor, not of the file. */
  private static final int CLOSE_ON_EXEC = 02000000;

  private static final Path SELF = Path.of("/proc/self");

  @TempDir private Path dir;
  private LiveKernel kernel;

  @BeforeEach
  void open() {
    kernel = LiveKernel.open();
  }

  @AfterEach
  void close() {
    kernel.close();
  }

  /** A file of /proc whose lines are a name, a colon and a value, with single blanks in it. */
  private static Map<String, String> values(Path file) throws IOException {
    Map<String, String> values = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      int colon = line.indexOf(':');
      values.put(line.substring(0, colon), line.substring(colon + 1).strip().replace('\t', ' '));
    }
    return values;
  }

  @Test
  void anOpenFileIsAsFdinfoHasIt() throws IOException {
    Path path = Files.writeString(dir.resolve("file"), "0123456789");
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(7);
      List<String> columns =
          List.of(
              "fd",
              "pos = file.f_pos",
              "flags = file.f_flags",
              "mnt = container_of(file.f_path.mnt, struct mount, mnt).mnt_id",
              "ino = file.f_inode.i_ino");
      String ours = "path(file.f_path) == \"%s\"".formatted(path);
      List<Map<String, String>> rows =
          Shown.rows(
              kernel,
              Query.of("task/file", columns).where(ours),
              new Parameter.Pid((int) ProcessHandle.current().pid()));

      assertThat(rows).hasSize(1);
      Map<String, String> row = rows.getFirst();
      Map<String, String> info = values(SELF.resolve("fdinfo").resolve(row.get("fd")));
      assertThat(row.get("pos")).isEqualTo("7").isEqualTo(info.get("pos"));
      assertThat(Integer.parseInt(row.get("flags")))
          .isEqualTo(Integer.parseInt(info.get("flags"), 8) & ~CLOSE_ON_EXEC);
      assertThat(row.get("mnt")).isEqualTo(info.get("mnt_id"));
      assertThat(row.get("ino")).isEqualTo(info.get("ino"));
    }
  }

  @Test
  void aProcessIsAsItsStatusHasIt() throws IOException, InterruptedException {
    Process sleep =
        new ProcessBuilder(
                "setpriv",
                "--reuid=4711",
                "--regid=4712",
                "--clear-groups",
                "--no-new-privs",
                "sleep",
                "1000")
            .start();
    try {
      Path file = Path.of("/proc/" + sleep.pid() + "/status");
      while (!"sleep".equals(values(file).get("Name"))
          || !values(file).get("State").startsWith("S")) {
        Thread.sleep(5);
      }
      List<String> columns =
          List.of(
              "Name = comm",
              "Tgid = tgid",
              "PPid = real_parent.tgid",
              "uid = cred.uid, euid = cred.euid",
              "gid = cred.gid, egid = cred.egid",
              "Threads = signal.nr_threads",
              "FDSize = files.fdt.max_fds",
              "VmSize = mm.total_vm * 4",
              "VmStk = mm.stack_vm * 4",
              "NoNewPrivs = (atomic_flags & 1) != 0",
              "Seccomp = seccomp.mode",
              "voluntary_ctxt_switches = nvcsw",
              "nonvoluntary_ctxt_switches = nivcsw");
      Map<String, String> row =
          Shown.rows(kernel, Query.of("task", columns), new Parameter.Pid((int) sleep.pid()))
              .getFirst();
      Map<String, String> status = values(file);

      row = new HashMap<>(row);
      assertThat(status.get("Uid")).startsWith(row.remove("uid") + " " + row.remove("euid") + " ");
      assertThat(status.get("Gid")).startsWith(row.remove("gid") + " " + row.remove("egid") + " ");
      status.replaceAll((_, value) -> value.replace(" kB", ""));
      assertThat(status).containsAllEntriesOf(row).containsEntry("Name", "sleep");
      assertThat(status.get("Uid")).startsWith("4711 ");
    } finally {
      sleep.destroyForcibly().waitFor();
    }
  }

  @Test
  void routesAreAsIpHasThem() throws IOException {
    try (NetworkNamespace namespace = new NetworkNamespace()) {
      namespace.ip(
          "link add here type veth peer name there",
          "link set here addrgenmode none",
          "link set there addrgenmode none",
          "link set here up",
          "link set there up",
          "addr add fd00:1::1/64 dev here nodad",
          "route add fd00:2::/64 via fd00:1::2 proto static",
          "route add unreachable fd00:3::/48 metric 9",
          "route add default via fd00:1::3 metric 77 proto ra",
          "route add fd00:5::/72 dev here table 1000");
      namespace.awaitRoutesTo("fd00:1::1");
      List<String> expected = new ArrayList<>();
      for (Map<String, String> route :
          JsonOf.objects(
              "nsenter",
              "--net=" + namespace.path(),
              "ip",
              "-6",
              "-N",
              "-j",
              "route",
              "show",
              "table",
              "all")) {
        String to = route.get("dst").equals("default") ? "::/0" : route.get("dst");
        expected.add(
            String.join(
                " ",
                to.contains("/") ? to : to + "/128",
                route.getOrDefault("gateway", "-"),
                route.get("dev"),
                route.getOrDefault("table", "254"),
                route.get("metric"),
                route.getOrDefault("protocol", "3"))); // RTPROT_BOOT, which ip leaves out
      }
      List<String> found = new ArrayList<>();
      for (Map<String, String> row : Shown.usual(kernel, "ipv6_route", namespace)) {
        if (row.get("table").isEmpty()) {
          continue; // stands for "no route" in the kernel, and is in no table
        }
        found.add(
            String.join(
                " ",
                row.get("dst") + "/" + row.get("plen"),
                row.get("via").isEmpty() ? "-" : row.get("via"),
                row.get("dev"),
                row.get("table"),
                row.get("metric"),
                row.get("protocol")));
      }
      assertThat(expected).hasSizeGreaterThan(6);
      assertThat(found).containsExactlyInAnyOrderElementsOf(expected);
    }
  }
}
