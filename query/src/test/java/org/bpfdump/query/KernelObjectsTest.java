// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.Bpffs;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The usual columns of what the kernel itself has say what /proc and bpftool say. */
@RequiresKernel
class KernelObjectsTest {
  /** Others may make caches, programs and maps between two looks. */
  private static final int ATTEMPTS = 5;

  /** Where there is none of these, there are no buffers to share. */
  private static final List<String> WHO_SHARES =
      List.of("/dev/dri", "/dev/dma_heap", "/dev/udmabuf");

  private static LiveKernel kernel;

  @BeforeAll
  static void open() {
    kernel = LiveKernel.open();
  }

  @AfterAll
  static void close() {
    kernel.close();
  }

  private static List<String> slabinfo() throws IOException {
    List<String> caches = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/slabinfo"))) {
      String[] fields = line.split(" +");
      if (!line.startsWith("slabinfo") && !line.startsWith("#")) {
        caches.add(String.join(" ", fields[0], fields[3], fields[4], fields[5]));
      }
    }
    return caches;
  }

  @Test
  void cachesAreAsInSlabinfo() throws IOException {
    for (int attempt = 1; ; attempt++) {
      List<String> before = slabinfo();
      List<String> found = new ArrayList<>();
      for (Map<String, String> row : Shown.usual(kernel, "kmem_cache")) {
        found.add(
            String.join(
                " ",
                row.get("name"),
                row.get("size"),
                row.get("objects_per_slab"),
                row.get("pages_per_slab")));
      }
      if (before.equals(slabinfo()) || attempt == ATTEMPTS) {
        assertThat(found).hasSizeGreaterThan(20).containsExactlyInAnyOrderElementsOf(before);
        return;
      }
    }
  }

  private static Map<String, Map<String, String>> byId(List<Map<String, String>> rows) {
    Map<String, Map<String, String>> byId = new TreeMap<>();
    for (Map<String, String> row : rows) {
      assertThat(byId.put(row.get("id"), row)).as("again " + row).isNull();
    }
    return byId;
  }

  @Test
  void mapsAreAsBpftoolHasThem() throws IOException {
    Path pins = Bpffs.ROOT.resolve("query_maps");
    try (Bpffs _ = Bpffs.open()) {
      Files.createDirectory(pins);
      try {
        for (String map :
            List.of(
                "hash key 4 value 8 entries 9 name a_hash flags 1",
                "array key 4 value 4096 entries 3 name an_array",
                "lru_hash key 16 value 1 entries 100 name of_15_letters__",
                "percpu_array key 4 value 12 entries 2 name each")) {
          String pin = pins.resolve(map.substring(0, map.indexOf(' '))).toString();
          Exec.sh("bpftool map create " + pin + " type " + map).run().ok();
        }
        Map<String, Map<String, String>> before = byId(JsonOf.objects("bpftool", "-j", "map"));
        Map<String, Map<String, String>> found = byId(Shown.usual(kernel, "bpf_map"));
        before.keySet().retainAll(byId(JsonOf.objects("bpftool", "-j", "map")).keySet());
        assertThat(before).hasSizeGreaterThanOrEqualTo(4);
        before.forEach((id, map) -> {
          Map<String, String> row = found.get(id);
          assertThat(row).as("map " + map).isNotNull();
          assertThat(row.get("type")).endsWithIgnoringCase(map.get("type"));
          assertThat(row.get("name")).isEqualTo(map.getOrDefault("name", ""));
          assertThat(row.get("key_size")).isEqualTo(map.get("bytes_key"));
          assertThat(row.get("value_size")).isEqualTo(map.get("bytes_value"));
          assertThat(row.get("max_entries")).isEqualTo(map.get("max_entries"));
          assertThat(Long.decode(row.get("flags"))).isEqualTo(Long.parseLong(map.get("flags")));
          assertThat(row.get("frozen").equals("true")).isEqualTo("1".equals(map.get("frozen")));
        });
      } finally {
        Exec.of("rm", "-r", pins.toString()).run().ok();
      }
    }
  }

  @Test
  void programsAndLinksAreAsBpftoolHasThem() throws IOException {
    try (LoadedQuery _ = Query.parse("task/file: path(file.f_path)").load(kernel);
        LoadedQuery _ = Query.parse("ksym: name").load(kernel)) {
      Map<String, Map<String, String>> before = byId(JsonOf.objects("bpftool", "-j", "prog"));
      Map<String, Map<String, String>> found = byId(Shown.usual(kernel, "bpf_prog"));
      before.keySet().retainAll(byId(JsonOf.objects("bpftool", "-j", "prog")).keySet());
      assertThat(before).hasSizeGreaterThanOrEqualTo(2);
      before.forEach((id, program) -> {
        Map<String, String> row = found.get(id);
        assertThat(row).as("program " + program).isNotNull();
        assertThat(row.get("name")).isEqualTo(program.getOrDefault("name", ""));
        assertThat(row.get("tag")).isEqualTo(program.get("tag"));
        assertThat(row.get("type")).endsWithIgnoringCase(program.get("type"));
        assertThat(row.get("jited")).isEqualTo(program.get("bytes_jited"));
        assertThat(8 * Long.parseLong(row.get("insns")))
            .isEqualTo(Long.parseLong(program.get("bytes_xlated")));
        String maps = program.getOrDefault("map_ids", "");
        assertThat(Integer.parseInt(row.get("maps")))
            .isEqualTo(maps.isEmpty() ? 0 : maps.split(" ").length);
      });

      before = byId(JsonOf.objects("bpftool", "-j", "link"));
      Map<String, Map<String, String>> links = byId(Shown.usual(kernel, "bpf_link"));
      before.keySet().retainAll(byId(JsonOf.objects("bpftool", "-j", "link")).keySet());
      assertThat(before).hasSizeGreaterThanOrEqualTo(2);
      before.forEach((id, link) -> {
        assertThat(links.get(id)).as("link " + link).isNotNull();
        assertThat(links.get(id).get("prog")).isEqualTo(link.get("prog_id"));
        assertThat(links.get(id).get("type")).endsWithIgnoringCase(link.get("type"));
      });
    }
  }

  /** Of symbols that do not come and go with programs. */
  private static List<String> kallsyms() throws IOException {
    List<String> symbols = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("/proc/kallsyms"), StandardCharsets.UTF_8)) {
      if (!line.endsWith("[bpf]")) {
        String[] fields = line.split("[ \t]+");
        symbols.add(fields[0] + " " + fields[2]);
      }
    }
    return symbols;
  }

  private static List<String> symbols(String where) {
    Query query = Query.parse("ksym: (u64)value, name where " + where);
    List<String> symbols = new ArrayList<>();
    for (Map<String, String> row : Shown.rows(kernel, query, new Parameter.None())) {
      List<String> cells = List.copyOf(row.values());
      symbols.add("%016x %s".formatted(Long.parseUnsignedLong(cells.getFirst()), cells.get(1)));
    }
    return symbols;
  }

  @Test
  void aConditionThatOnlyTheLastSymbolsMatchGivesEachOnce() throws IOException {
    List<String> expected = kallsyms();
    assertThat(symbols("module_name != \"bpf\"")).isEqualTo(expected);
    // The last symbol of all is one of a program, and the program that looks is there as well.
    try (LoadedQuery _ = Query.parse("task: pid").load(kernel)) {
      List<String> programs = symbols("module_name == \"bpf\" && name *= \"dump_\"");
      Set<String> different = new HashSet<>(programs);
      assertThat(programs).hasSizeGreaterThanOrEqualTo(2).hasSameSizeAs(different);
      assertThat(programs).anyMatch(s -> s.endsWith("_dump_task"));
      assertThat(programs).anyMatch(s -> s.endsWith("_dump_ksym"));
    }
    List<Map<String, String>> all =
        Shown.rows(kernel, Query.parse("ksym: pos, (u64)value, name"), new Parameter.None());
    assertThat(all.size() - new HashSet<>(all).size()).as("shown twice").isZero();
  }

  @Test
  void noBuffersAreWholeDumpsWithoutRows() {
    assumeTrue(kernel.targets().stream().anyMatch(t -> t.name().equals("dmabuf")));
    assumeTrue(WHO_SHARES.stream().noneMatch(device -> Files.exists(Path.of(device))));
    try (LoadedQuery loaded = Query.of("dmabuf", List.of()).load(kernel)) {
      for (int pass = 0; pass < 2; pass++) {
        try (RowDump dump = loaded.open()) {
          assertThat(dump.next()).isFalse();
          assertThat(dump.receipt().requireComplete().visited()).hasValue(0);
        }
      }
    }
  }
}
