// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bpfdump.image.GroundTruth;
import org.bpfdump.image.ImageDump;
import org.bpfdump.image.ImageDumper;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.TestImages;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.api.Test;

/**
 * Open-coded iterators and look-ups of objects of the kernel, which are in the newer image only:
 * against what its guest said, and against its targets.
 */
class KernelObjectsTest {
  private static final String KERNEL = "7.2";
  private static final Path OBJECT =
      Project.root().resolve("image/src/test/resources/helpers/kernel_objects.bpf.o");

  private static List<String> lines(String program) throws IOException {
    try (ImageKernel image = ImageKernel.open(TestImages.file(KERNEL));
        ImageDumper dumper = image.load(ObjectFile.read(OBJECT).program(program));
        ImageDump dump = dumper.open()) {
      return dump.lines().toList();
    }
  }

  private static GroundTruth truth() {
    return TestImages.truth(KERNEL);
  }

  /** In the first cgroup, the threads that are not dead, or only the first of each process. */
  private static List<String> alive(boolean processes) {
    return truth().section("TASKS").stream()
        .map(line -> line.split(" "))
        .filter(words -> !words[4].equals("Z") && (!processes || words[0].equals(words[1])))
        .map(words -> ":" + words[0])
        .toList();
  }

  @Test
  void theAreaOfAnAddressIsTheOneThatThePassOverAreasShows() throws IOException {
    List<String> truth = truth().iterator("task_vma");
    int found = 0;
    for (String line : lines("areas")) {
      String[] words = line.split(" ");
      assertThat(line).endsWith(" -2 -22");
      if (words[1].equals("-2")) {
        assertThat(words).as(line).contains("0", "0", "0", "0");
        continue;
      }
      assertThat(words[1]).isEqualTo("0");
      assertThat(words[5]).isEqualTo("1");
      long code = Long.parseLong(words[2], 16);
      assertThat(code).isBetween(Long.parseLong(words[3], 16), Long.parseLong(words[4], 16) - 1);
      // The pass shows the areas of threads once, as those of their process.
      String area = words[3] + "-" + words[4] + " ";
      assertThat(truth).as(line).anyMatch(shown -> shown.contains(" " + area));
      found++;
    }
    assertThat(found).isGreaterThan(10);
  }

  @Test
  void slabCachesAreThoseOfTheTarget() throws IOException {
    assertThat(lines("caches_by_hand")).isEqualTo(lines("caches")).hasSizeGreaterThan(50);
  }

  @Test
  void buffersAreThoseOfTheTarget() throws IOException {
    assertThat(lines("buffers_by_hand")).isEqualTo(lines("buffers"));
  }

  @Test
  void theOnlyCgroupHasAllTasks() throws IOException {
    assertThat(lines("threads")).containsExactlyInAnyOrderElementsOf(alive(false));
    assertThat(lines("processes")).containsExactlyInAnyOrderElementsOf(alive(true));
    assertThat(lines("neither")).containsExactly("refused");
  }

  @Test
  void cgroupsAreFoundByTheirIds() throws IOException {
    assertThat(lines("by_id")).containsExactly("1 0");
  }

  @Test
  void noTaskIsInHierarchiesThatAreNotThere() throws IOException {
    assertThat(lines("old_hierarchies")).hasSizeGreaterThan(50).allMatch(l -> !l.contains(" "));
  }

  @Test
  void argumentsOfProcessesAreText() throws IOException {
    List<String> found = lines("arguments");
    for (String line : found) {
      String[] words = line.split(" ");
      String text = words[14];
      int length = text.length() + 1;
      assertThat(text).as(line).endsWith(words[0].equals("1") ? "sh" : text).isNotEmpty();
      // Whole, cut off, wrong flags, no room; then what was cut off, and zeroes behind the text.
      assertThat(words)
          .as(line)
          .containsSequence(String.valueOf(length), String.valueOf(Math.min(4, length)), "-22", "0")
          .containsSequence(
              Integer.toHexString(text.charAt(0)), Integer.toHexString(text.charAt(1)))
          .containsSequence("0", "0", "1");
      if (words[1].equals("0")) {
        assertThat(words[13]).as(line).isEqualTo(String.valueOf(length - 1));
      }
    }
    assertThat(found)
        .anyMatch(line -> line.endsWith(" nc"))
        .anyMatch(line -> line.endsWith(" sleep"))
        .anyMatch(line -> line.endsWith(" /bin/sh"));
  }

  @Test
  void hashTablesKnowHowManyElementsTheyHave() throws IOException {
    String maps = truth().file("/tmp/gt/bpftool_map.json").getFirst();
    Map<String, String> names = new HashMap<>();
    Matcher map =
        Pattern.compile("\"id\":(\\d+),\"type\":\"\\w+\",\"name\":\"(\\w+)\"").matcher(maps);
    while (map.find()) {
      names.put(map.group(1), map.group(2));
    }
    Map<String, String> counts =
        lines("elements").stream()
            .map(line -> line.split(" "))
            .filter(words -> names.containsKey(words[0]))
            .collect(Collectors.toMap(words -> names.get(words[0]), words -> words[1]));
    for (String name : List.of("w_hash", "w_lru", "w_pcpu_hash")) {
      String elements = truth().file("/tmp/gt/map_" + name + ".json").getFirst();
      assertThat(counts.get(name))
          .as(name)
          .isEqualTo(String.valueOf(elements.split("\"key\"", -1).length - 1))
          .isNotEqualTo("0");
    }
    assertThat(counts).containsEntry("w_array", "0").containsEntry("w_lpm", "0");
  }
}
