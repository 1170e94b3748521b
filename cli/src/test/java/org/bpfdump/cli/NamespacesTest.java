// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.testkit.NativeSocket.AF_INET6;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NamedNamespace;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps as network namespaces have them that this process is not in. */
@RequiresKernel
class NamespacesTest {
  private static final String ROUTES = Project.example("ipv6_route").toString();
  private static final String SOCKETS = Project.example("tcp6").toString();
  private static final String NAME = "bpfdump-cli";
  private static final int PORT = 4662;

  private NetworkNamespace one;
  private NetworkNamespace two;

  @TempDir private Path dir;

  @BeforeEach
  void make() {
    one = new NetworkNamespace();
    two = new NetworkNamespace();
    one.ip("route add fd71::/64 dev lo");
    two.ip("route add fd72::/64 dev lo");
  }

  @AfterEach
  void close() {
    one.close();
    two.close();
  }

  private static String id(NetworkNamespace namespace) {
    return Integer.toString(namespace.tid());
  }

  private static NativeSocket listener(NetworkNamespace namespace) {
    return namespace.socket(AF_INET6, SOCK_STREAM, 0).bind("::1", PORT).listen(1);
  }

  /** An object in which some bytes are others. */
  private String changed(String fixture, String from, String to) throws IOException {
    String object =
        Files.readString(Path.of(Bpfdump.fixture(fixture)), StandardCharsets.ISO_8859_1);
    String changed = object.replace(from, to);
    assertThat(changed).isNotEqualTo(object).hasSameSizeAs(object);
    return Files.writeString(dir.resolve("x.o"), changed, StandardCharsets.ISO_8859_1).toString();
  }

  @Test
  void oneIsChosenByIdPathOrName() throws IOException {
    String routes = one.proc("ipv6_route");
    assertThat(routes).contains("fd71");
    try (NamedNamespace named = new NamedNamespace(NAME, one)) {
      for (String value : List.of(id(one), one.path().toString(), named.path().toString(), NAME)) {
        Cli done = Cli.run("run", ROUTES, "--netns", value, "--receipt");

        assertThat(done.status()).isZero();
        assertThat(done.out()).as(value).isEqualTo(routes);
        assertThat(done.err()).startsWith("bpfdump: " + routes.length() + " bytes, ");
      }
    }
    assertThat(Cli.run("run", ROUTES).out()).isNotEmpty().doesNotContain("fd71", "fd72");
  }

  @Test
  void socketsOfEveryOneAreShownOnceAndToldApart() {
    try (NativeSocket inOne = listener(one);
        NativeSocket inTwo = listener(two);
        NativeSocket here = NativeSocket.open(AF_INET6, SOCK_STREAM, 0)) {
      here.bind("::1", 0).listen(1);

      Cli all = Cli.run("run", SOCKETS, "--all-netns");

      assertThat(all.err()).isEmpty();
      assertThat(all.status()).isZero();
      assertThat(namespaceOf(inOne, all)).isEqualTo(id(one));
      assertThat(namespaceOf(inTwo, all)).isEqualTo(id(two));
      assertThat(namespaceOf(here, all)).isNotIn(id(one), id(two)).matches("[0-9]+");
    }
  }

  private static String namespaceOf(NativeSocket socket, Cli dump) {
    List<String> lines =
        dump.out().lines().filter(line -> line.contains(" " + socket.inode() + " ")).toList();
    assertThat(lines).hasSize(1);
    return lines.getFirst().substring(0, lines.getFirst().indexOf('\t'));
  }

  @Test
  void everyOneHasTheNameAndTheLinesThatItHasAlone() {
    try (NamedNamespace _ = new NamedNamespace(NAME, two)) {
      Cli all = Cli.run("run", ROUTES, "--all-netns", "--receipt");
      Map<String, StringBuilder> parts = new TreeMap<>();
      all.out()
          .lines()
          .forEach(line -> {
            int tab = line.indexOf('\t');
            parts
                .computeIfAbsent(line.substring(0, tab), _ -> new StringBuilder())
                .append(line, tab + 1, line.length())
                .append('\n');
          });

      assertThat(parts).containsKeys(id(one), NAME).hasSizeGreaterThanOrEqualTo(3);
      assertThat(parts.get(id(one)).toString()).contains("fd71").doesNotContain("fd72");
      assertThat(parts.get(NAME).toString()).contains("fd72").doesNotContain("fd71");
      long bytes = 0;
      for (Map.Entry<String, StringBuilder> part : parts.entrySet()) {
        Cli alone = Cli.run("run", ROUTES, "--netns", part.getKey());
        assertThat(part.getValue()).as(part.getKey()).hasToString(alone.out());
        bytes += part.getValue().length();
      }
      assertThat(all.status()).isZero();
      assertThat(all.err())
          .matches("bpfdump: " + bytes + " bytes, \\d+ reads, 0 retries, complete\n");
    }
  }

  @Test
  void whatIsMissingIsSaidOfAllTogether() throws IOException {
    String wide = changed("target_tcp", "%u %u %u\n\0", "%99999u\n\0\0");
    try (NativeSocket _ = listener(one);
        NativeSocket _ = listener(two)) {
      Cli part = Cli.run("run", wide, "--all-netns");

      assertThat(part.status()).isEqualTo(3);
      assertThat(part.err().lines()).hasSize(1);
      assertThat(part.err())
          .contains(" bytes, ", "incomplete: ", "E2BIG")
          .contains("in network namespace " + id(one) + " ")
          .contains("in network namespace " + id(two) + " ");
    }
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    String binary = changed("prog_smallest", "A\n\0\0", "\0\n\0\0");
    assertThat(Cli.run("run", binary, "--netns", id(one)).out()).startsWith("\0\n\0\n");

    Cli refused = Cli.run("run", binary, "--all-netns");

    assertThat(refused.status()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err().lines()).hasSize(1);
    assertThat(refused.err()).contains("is no text", "--netns");
  }

  @Test
  void aProcessByItselfDoesTheSame() {
    try (NativeSocket inOne = listener(one)) {
      Exec.Result all = Bpfdump.run("run", SOCKETS, "--all-netns").ok();

      assertThat(all.err()).isEmpty();
      assertThat(all.out().lines())
          .filteredOn(line -> line.contains(" " + inOne.inode() + " "))
          .singleElement()
          .matches(line -> line.startsWith(id(one) + "\t"));
    }
  }

  private static void says(Exec.Result result, String... parts) {
    assertThat(result.exitCode()).as(result.err()).isEqualTo(1);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines()).hasSize(1);
    assertThat(result.err()).startsWith("bpfdump: ").contains(parts);
  }

  @Test
  void oneThatIsNotThereIsSaidInALine() throws IOException {
    says(Bpfdump.run("run", ROUTES, "--netns", "no-such"), "no network namespace is named no-such");
    says(Bpfdump.run("run", ROUTES, "--netns", "2147483647"), "no process has the id 2147483647");
    Path none = dir.resolve("none");
    says(Bpfdump.run("run", ROUTES, "--netns", none.toString()), none + ": no such file");
    Path file = Files.createFile(dir.resolve("file"));
    says(Bpfdump.run("run", ROUTES, "--netns", file.toString()), "is no network namespace");
    says(
        Bpfdump.run("run", ROUTES, "--netns", "/proc/self/ns/mnt"),
        "/proc/self/ns/mnt is no network namespace");
  }

  /** Runs it with the right to load programs, and with no other. */
  private static Exec.Result runAsLoader(String... args) {
    String capabilities = "-all,+bpf,+perfmon,+dac_read_search";
    List<String> words = new ArrayList<>();
    words.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    words.addAll(List.of("--inh-caps=" + capabilities, "--ambient-caps=" + capabilities));
    return Bpfdump.runBy(words, args);
  }

  @Test
  void withoutPrivilegeNoneIsEntered() {
    assertThat(runAsLoader("run", ROUTES).ok().out()).isNotEmpty();
    try (NamedNamespace _ = new NamedNamespace(NAME, one)) {
      says(
          runAsLoader("run", ROUTES, "--netns", NAME),
          "cannot enter network namespace " + NAME + ": EPERM",
          "CAP_SYS_ADMIN");
    }
    says(
        runAsLoader("run", ROUTES, "--netns", id(one)),
        "cannot open network namespace /proc/" + id(one) + "/ns/net: EACCES",
        "run as root");
  }

  @Test
  void processesThatMayNotBeLookedAtAreSaid() {
    List<String> blind = List.of("setpriv", "--bounding-set=-sys_ptrace");

    Exec.Result part = Bpfdump.runBy(blind, "run", ROUTES, "--all-netns").exited(3);

    assertThat(part.out()).as("ours").isNotEmpty().doesNotContain("fd71", "fd72");
    assertThat(part.err().lines()).hasSize(1);
    assertThat(part.err())
        .contains("incomplete: there may be further network namespaces")
        .containsPattern(" /proc/\\d+/task/\\d+ and \\d+ more; run as root");
  }
}
