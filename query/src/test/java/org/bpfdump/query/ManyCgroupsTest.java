// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.code.Generator;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The target {@code cgroup} can be read for one buffer of the kernel only; a query has all rows all
 * the same, also more of them than its first map has room for.
 */
@RequiresKernel
class ManyCgroupsTest {
  private static final int GROUPS = 2_000;

  /** Columns of 8 bytes. */
  private static final int WIDE = 150;

  /** Where in the tree, above the many. */
  private static final String PARENT = "bpfdump-many";

  @TempDir private static Path tree;
  private static Path parent;

  /** 64 bytes with the name: 32 KiB have room for 512 of them. */
  record Group(
      @Field("kn.id") long id,
      @Field("either(kn.__parent, kn.parent).id") Long parent,
      int level,
      @Field("str(kn.name)") String name,
      @Field("nr_descendants") int descendants,
      @Field("max_depth") int deepest) {}

  @BeforeAll
  static void make() throws IOException {
    Exec.of("mount", "-t", "cgroup2", "none", tree.toString()).run().ok();
    parent = Files.createDirectory(tree.resolve(PARENT));
    for (int i = 0; i < GROUPS; i++) {
      Files.createDirectory(parent.resolve(name(i)));
    }
  }

  @AfterAll
  static void remove() throws IOException {
    for (int i = 0; i < GROUPS; i++) {
      Files.deleteIfExists(parent.resolve(name(i)));
    }
    Files.deleteIfExists(parent);
    Exec.of("umount", tree.toString()).run().ok();
  }

  private static String name(int i) {
    return "group-%04d-of-many".formatted(i);
  }

  /** Inode numbers, which are the ids, by name. */
  private static Map<String, Long> inodes() throws IOException {
    Map<String, Long> inodes = new HashMap<>();
    try (Stream<Path> groups = Files.list(parent)) {
      for (Path group : groups.filter(Files::isDirectory).toList()) {
        inodes.put(group.getFileName().toString(), (Long) Files.getAttribute(group, "unix:ino"));
      }
    }
    assertThat(inodes).hasSize(GROUPS);
    return inodes;
  }

  @Test
  void eachIsThereOnceWithItsIdAndParent() throws IOException {
    Map<String, Long> expected = inodes();
    Map<String, Long> found = new HashMap<>();
    try (LiveKernel kernel = LiveKernel.open();
        Rows<Group> groups =
            Query.of("cgroup", Group.class).where("str(kn.name) ^= \"group-\"").on(kernel).rows()) {
      for (Group group : groups) {
        assertThat(found.put(group.name(), group.id())).as("again " + group).isNull();
        assertThat(group.level()).isEqualTo(2);
      }
      QueryReceipt receipt = groups.receipt().requireComplete();
      assertThat(receipt.written()).isEqualTo(GROUPS);
      assertThat(receipt.visited().orElseThrow()).isGreaterThan(GROUPS);
    }
    assertThat(found).isEqualTo(expected);
  }

  @Test
  void rowsThatOutgrowTheFirstMapAreAllThereOnceInEachPass() throws IOException {
    List<String> columns = new ArrayList<>(List.of("name = str(kn.name)"));
    for (int i = 1; i <= WIDE; i++) {
      columns.add("c%d = kn.id * %d".formatted(i, i));
    }
    Map<String, Long> expected = inodes();
    assertThat(GROUPS * WIDE * Long.BYTES).isGreaterThan(Generator.FIRST_COLLECTION);
    try (LiveKernel kernel = LiveKernel.open();
        LoadedQuery loaded =
            Query.of("cgroup", columns).where("str(kn.name) ^= \"group-\"").load(kernel)) {
      for (int pass = 0; pass < 2; pass++) {
        Map<String, Long> found = new HashMap<>();
        try (RowDump rows = loaded.open()) {
          while (rows.next()) {
            Row row = rows.row();
            String name = StandardCharsets.UTF_8.decode(row.bytes(0)).toString();
            assertThat(found.put(name, row.number(1))).as("again " + name).isNull();
            for (int i = 2; i <= WIDE; i++) {
              assertThat(row.number(i)).isEqualTo(row.number(1) * i);
            }
          }
          assertThat(rows.receipt().requireComplete().written()).isEqualTo(GROUPS);
        }
        assertThat(found).isEqualTo(expected);
      }
    }
  }

  @Test
  void passesAtOnceDoNotMixTheirRows() throws IOException {
    try (LiveKernel kernel = LiveKernel.open();
        LoadedQuery loaded = Query.of("cgroup", List.of("kn.id")).load(kernel);
        RowDump one = loaded.open();
        RowDump other = loaded.open()) {
      List<Long> ids = new ArrayList<>();
      while (one.next()) {
        assertThat(other.next()).isTrue();
        assertThat(other.row().number(0)).isEqualTo(one.row().number(0));
        ids.add(one.row().number(0));
      }
      assertThat(other.next()).isFalse();
      assertThat(ids).hasSizeGreaterThan(GROUPS).doesNotHaveDuplicates();
      assertThat(other.receipt()).isEqualTo(one.receipt());
      assertThat(one.receipt().requireComplete().visited()).hasValue(ids.size());
    }
  }
}
