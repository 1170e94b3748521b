// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** {@code bpf_map} writes every map that bpftool lists. */
@RequiresKernel
class BpfMapTest {
  private static final String HEADING = "      id   refcnt  usercnt  locked_vm";
  private static final int ATTEMPTS = 20;

  /** What a walk holds of the map that it shows. */
  private static final int WALK = 1;

  private static final Pattern BPFTOOL_ID = Pattern.compile("\"id\":(\\d+),\"type\"");

  private record Row(int id, long references, long users) {
    static Row of(String line) {
      String[] columns = line.strip().split(" +");
      Row row =
          new Row(
              Integer.parseInt(columns[0]), Long.parseLong(columns[1]), Long.parseLong(columns[2]));
      assertThat(line)
          .isEqualTo(
              "%8d %8d %8d %10d"
                  .formatted(row.id, row.references, row.users, Long.parseLong(columns[3])));
      return row;
    }
  }

  private static List<Row> rows() throws IOException {
    try (Example example = Example.load("bpf_map")) {
      return rows(example);
    }
  }

  private static List<Row> rows(Example example) throws IOException {
    return example.rows(HEADING).stream().map(Row::of).toList();
  }

  private static Set<Integer> bpftool() {
    Set<Integer> ids = new TreeSet<>();
    Matcher id = BPFTOOL_ID.matcher(Exec.of("bpftool", "-j", "map", "list").run().ok().out());
    while (id.find()) {
      ids.add(Integer.valueOf(id.group(1)));
    }
    return ids;
  }

  /** Requires a row of so many references and users, unless another process looks at the map. */
  private static void requireRow(int id, long references, long users) throws Exception {
    Row wanted = new Row(id, references, users);
    for (int attempt = 1; ; attempt++) {
      List<Row> found = rows().stream().filter(r -> r.id == id).toList();
      if (found.equals(List.of(wanted)) || attempt == ATTEMPTS) {
        assertThat(found).containsExactly(wanted);
        return;
      }
      Thread.sleep(10);
    }
  }

  @Test
  void everyMapOfBpftoolIsThere() throws IOException {
    try (TestMap one = TestMap.array();
        TestMap two = TestMap.socketStorage(4);
        Example example = Example.load("bpf_map")) {
      for (int attempt = 1; ; attempt++) {
        Set<Integer> before = bpftool();
        List<Integer> dumped = rows(example).stream().map(Row::id).toList();
        if (before.equals(bpftool()) || attempt == ATTEMPTS) {
          assertThat(before).contains(one.id(), two.id());
          assertThat(dumped).containsExactlyElementsOf(before);
          return;
        }
      }
    }
  }

  @Test
  void aMapOfOneDescriptorHasOneUser() throws Exception {
    try (TestMap map = TestMap.array()) {
      requireRow(map.id(), 1 + WALK, 1);
    }
  }

  @Test
  void aMapThatIsOpenedAgainHasAnotherUser() throws Exception {
    try (TestMap map = TestMap.array();
        TestMap again = map.again()) {
      assertThat(again.id()).isEqualTo(map.id());
      requireRow(map.id(), 2 + WALK, 2);
    }
  }

  @Test
  void aMapThatOnlyItsProgramHoldsHasNoUser() throws Exception {
    try (Example tcp6 = Example.load("tcp6")) {
      String id = Integer.toString(tcp6.dumper().programId());
      String program = Exec.of("bpftool", "prog", "show", "id", id).run().ok().out();
      Matcher maps = Pattern.compile("map_ids (\\d+)").matcher(program);
      assertThat(maps.find()).as(program).isTrue();
      requireRow(Integer.parseInt(maps.group(1)), 1 + WALK, 0);
    }
  }

  @Test
  void aClosedMapIsGone() throws Exception {
    int id;
    try (TestMap map = TestMap.array()) {
      id = map.id();
      assertThat(rows()).extracting(Row::id).contains(id);
    }
    List<Row> rows = rows();
    for (int wait = 0; rows.stream().anyMatch(r -> r.id == id) && wait < 100; wait++) {
      Thread.sleep(10); // another process looks at it
      rows = rows();
    }
    assertThat(rows).extracting(Row::id).doesNotContain(id);
  }
}
