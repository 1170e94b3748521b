// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bpfdump.live.NetworkNamespaces;
import org.bpfdump.testkit.NamedNamespace;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every network namespace is found once; a route that only it has tells which it is. */
@RequiresKernel
class NetworkNamespacesTest {
  private static final String NAME = "bpfdump-find";
  private static final String NUMBER = "4190000000";

  @TempDir private Path dir;

  /** A namespace with a route that no other has. */
  private static NetworkNamespace marked(String mark) {
    NetworkNamespace namespace = new NetworkNamespace();
    namespace.ip("route add fd60:" + mark + "::/64 dev lo");
    return namespace;
  }

  /** What is found, by name; each found twice would be of two names. */
  private static Map<String, String> found() throws IOException {
    try (Example example = Example.load("ipv6_route");
        NetworkNamespaces all = NetworkNamespaces.all()) {
      Map<String, String> routes = new TreeMap<>();
      for (var namespace : all.list()) {
        assertThat(routes.put(namespace.name(), example.textIn(namespace)))
            .as("another of name " + namespace.name())
            .isNull();
      }
      assertThat(all.outOfReach()).isEmpty();
      return routes;
    }
  }

  /** The names of those found that have the mark. */
  private static List<String> names(Map<String, String> found, String mark) {
    List<String> names = new ArrayList<>();
    found.forEach((name, routes) -> {
      if (routes.contains("fd60" + mark)) {
        names.add(name);
      }
    });
    return names;
  }

  @Test
  void oursIsFoundOnceByAProcess() throws IOException {
    try (NetworkNamespace other = marked("9999");
        Example example = Example.load("ipv6_route")) {
      String here = example.text();
      List<String> names = new ArrayList<>();
      found()
          .forEach((name, routes) -> {
            if (routes.equals(here)) {
              names.add(name);
            }
          });
      assertThat(names).singleElement().isNotEqualTo(Integer.toString(other.tid()));
      assertThat(Path.of("/proc", names.getFirst())).exists();
    }
  }

  @Test
  void thatOfAThreadIsFoundOnceByItsId() throws IOException {
    try (NetworkNamespace one = marked("aaaa");
        NetworkNamespace two = marked("bbbb")) {
      Map<String, String> found = found();
      assertThat(names(found, "aaaa")).containsExactly(Integer.toString(one.tid()));
      assertThat(names(found, "bbbb")).containsExactly(Integer.toString(two.tid()));
    }
    assertThat(names(found(), "aaaa")).isEmpty();
  }

  @Test
  @SuppressWarnings("try") // it ends early
  void oneThatHasANameIsFoundOnceByThat() throws IOException {
    try (NetworkNamespace namespace = marked("cccc");
        NamedNamespace named = new NamedNamespace(NAME, namespace);
        NamedNamespace _ = new NamedNamespace(NAME + "-again", namespace)) {
      assertThat(names(found(), "cccc")).containsExactly(NAME);
      namespace.close();
      assertThat(names(found(), "cccc")).as("with nobody in it").containsExactly(NAME);
      assertThat(named.path()).exists();
    }
  }

  @Test
  void aNameThatLooksLikeAnIdIsGivenAsAPath() throws IOException {
    try (NetworkNamespace namespace = marked("dddd");
        NamedNamespace _ = new NamedNamespace(NUMBER, namespace)) {
      assertThat(names(found(), "dddd")).containsExactly("/run/netns/" + NUMBER);
    }
  }

  @Test
  @SuppressWarnings("try") // it ends early
  void oneThatIsMountedInAnotherMountNamespaceIsFoundThere() throws IOException {
    Path place = Files.createDirectory(dir.resolve("with blank"));
    try (NetworkNamespace namespace = marked("eeee");
        Child child =
            Child.start(
                "unshare",
                "--mount",
                "sh",
                "-c",
                "cd '%s' && mount -t tmpfs none . && cd \"$PWD\" && touch x && mount --bind %s x"
                        .formatted(place, namespace.path())
                    + " && echo ready && exec cat")) {
      assertThat(child.line()).isEqualTo("ready");
      namespace.close();
      assertThat(names(found(), "eeee"))
          .singleElement()
          .matches(name -> name.matches("/proc/\\d+/task/\\d+/root" + place + "/x"));
    }
  }

  @Test
  void processesThatEndMeanwhileAreNoMatter() throws IOException {
    try (NetworkNamespace namespace = marked("ffff");
        Child _ =
            Child.start("sh", "-c", "while :; do for i in 1 2 3 4 5; do true & done; wait; done")) {
      for (int i = 0; i < 10; i++) {
        assertThat(names(found(), "ffff")).containsExactly(Integer.toString(namespace.tid()));
      }
    }
  }
}
