// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bpfdump.testkit.NativeSocket.AF_INET6;
import static org.bpfdump.testkit.NativeSocket.AF_NETLINK;
import static org.bpfdump.testkit.NativeSocket.SOCK_RAW;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.live.NetworkNamespace;
import org.bpfdump.testkit.NamedNamespace;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A pass opened in a network namespace shows that one, and the thread that asks for it stays. */
@RequiresKernel
class OpenInTest {
  private static final String NAME = "bpfdump-open-in";

  private org.bpfdump.testkit.NetworkNamespace namespace;

  @TempDir private Path dir;

  @BeforeEach
  void open() {
    namespace = new org.bpfdump.testkit.NetworkNamespace();
  }

  @AfterEach
  void close() {
    namespace.close();
  }

  private static Path here() throws IOException {
    return Files.readSymbolicLink(Path.of("/proc/thread-self/ns/net"));
  }

  /** The text of an example in the namespace, opened from outside. */
  private String text(String example) throws IOException {
    Path before = here();
    try (Example loaded = Example.load(example);
        NetworkNamespace there = NetworkNamespace.at(namespace.path())) {
      String text = loaded.textIn(there);
      assertThat(here()).isEqualTo(before);
      assertThat(loaded.text()).as("what is here").isNotEqualTo(text);
      return text;
    }
  }

  @Test
  void routesAreThoseOfTheNamespace() throws IOException {
    namespace.ip("route add fd51:dead:beef::/64 dev lo");
    assertThat(text("ipv6_route")).contains("fd51deadbeef").isEqualTo(namespace.proc("ipv6_route"));
  }

  @Test
  void netlinkSocketsAreThoseOfTheNamespace() throws IOException {
    try (NativeSocket socket = namespace.socket(AF_NETLINK, SOCK_RAW, 0).bindGroups(1)) {
      assertThat(text("netlink"))
          .containsPattern(" " + socket.inode() + " *\n")
          .isEqualTo(namespace.proc("netlink"));
    }
  }

  @Test
  void tcpSocketsAreThoseOfTheNamespace() throws IOException {
    try (NativeSocket socket = namespace.socket(AF_INET6, SOCK_STREAM, 0).bind("::1", 4661)) {
      socket.listen(1);
      assertThat(text("tcp6"))
          .contains(" " + socket.inode() + " ")
          .isEqualTo(namespace.proc("tcp6"));
    }
  }

  @Test
  void aNamespaceIsNamedByThreadPathOrName() throws IOException {
    String routes = namespace.proc("ipv6_route");
    try (Example example = Example.load("ipv6_route");
        NamedNamespace named = new NamedNamespace(NAME, namespace);
        NetworkNamespace byName = NetworkNamespace.named(NAME);
        NetworkNamespace byPath = NetworkNamespace.at(named.path());
        NetworkNamespace byThread = NetworkNamespace.ofProcess(namespace.tid())) {
      assertThat(example.text()).isNotEqualTo(routes);
      for (NetworkNamespace each : List.of(byName, byPath, byThread)) {
        assertThat(example.textIn(each)).as(each.name()).isEqualTo(routes);
      }
      assertThat(byName.name()).isEqualTo(NAME);
      assertThat(byPath.name()).isEqualTo("/run/netns/" + NAME);
      assertThat(byThread.name()).isEqualTo(Integer.toString(namespace.tid()));
    }
  }

  @Test
  void aNamespaceIsHeldUntilItIsClosedAndADumpForItself() throws IOException {
    namespace.ip("route add fd52:dead:beef::/64 dev lo");
    try (Example example = Example.load("ipv6_route")) {
      Dump dump;
      try (NetworkNamespace held = NetworkNamespace.at(namespace.path())) {
        namespace.close();
        dump = example.dumper().openIn(held);
      }
      try (dump) {
        assertThat(Example.rest(dump)).contains("fd52deadbeef");
      }
    }
  }

  @Test
  void noThreadStaysThere() throws IOException, InterruptedException {
    try (Example example = Example.load("ipv6_route");
        NetworkNamespace there = NetworkNamespace.at(namespace.path())) {
      for (int i = 0; i < 50; i++) {
        example.dumper().openIn(there).close();
      }
    }
    // A thread has ended for Java a moment before it has for the kernel.
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    while (threadsThere().size() > 1 && System.nanoTime() < deadline) {
      Thread.sleep(10);
    }
    assertThat(threadsThere()).containsExactly(namespace.path());
  }

  private List<Path> threadsThere() throws IOException {
    Path wanted = Files.readSymbolicLink(namespace.path());
    List<Path> there = new ArrayList<>();
    String self = "/proc/" + ProcessHandle.current().pid() + "/task";
    try (Stream<Path> tasks = Files.list(Path.of(self))) {
      for (Path task : tasks.toList()) {
        Path net = task.resolve("ns/net");
        try {
          if (Files.readSymbolicLink(net).equals(wanted)) {
            there.add(net);
          }
        } catch (IOException e) {
          // ended since it was listed
        }
      }
    }
    return there;
  }

  @Test
  void anInterruptedThreadOpensAllTheSame() throws IOException {
    try (Example example = Example.load("ipv6_route");
        NetworkNamespace there = NetworkNamespace.at(namespace.path())) {
      Thread.currentThread().interrupt();
      try (Dump dump = example.dumper().openIn(there)) {
        assertThat(Thread.interrupted()).isTrue();
        assertThat(Example.rest(dump)).isEqualTo(namespace.proc("ipv6_route"));
      }
    }
  }

  @Test
  void aNamespaceThatIsNotThereIsNotOpened() throws IOException {
    assertThatThrownBy(() -> NetworkNamespace.named("bpfdump-none"))
        .isInstanceOf(RequestException.class)
        .hasMessageStartingWith("no network namespace is named bpfdump-none: ");
    try (NamedNamespace _ = new NamedNamespace(NAME, namespace)) {
      assertThatThrownBy(() -> NetworkNamespace.named("bpfdump-none"))
          .hasMessageContaining(": there is ")
          .hasMessageContaining(NAME);
    }
    for (String name : List.of("", "a/b", "../x", "a\0b")) {
      assertThatThrownBy(() -> NetworkNamespace.named(name)).isInstanceOf(RequestException.class);
    }
    assertThatThrownBy(() -> NetworkNamespace.ofProcess(Integer.MAX_VALUE))
        .isInstanceOf(RequestException.class)
        .hasMessage("no process has the id 2147483647");
    assertThatThrownBy(() -> NetworkNamespace.at(dir.resolve("none")))
        .isInstanceOf(RequestException.class)
        .hasMessage("no network namespace is at " + dir.resolve("none") + ": no such file");
  }

  @Test
  void whatIsNoNetworkNamespaceIsNotEntered() throws IOException {
    Path file = Files.createFile(dir.resolve("file"));
    for (Path other : List.of(file, dir, Path.of("/dev/null"), Path.of("/proc/self/ns/mnt"))) {
      assertThatThrownBy(() -> NetworkNamespace.at(other))
          .isInstanceOf(RequestException.class)
          .hasMessageStartingWith(other + " is no network namespace; ");
    }
  }
}
