// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.error.RelocationException;
import org.bpfdump.image.vm.TieredEngine;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The long test: images of other kernels, in every form, that {@code scripts/make-images} made.
 * Without {@code -Dbpfdump.images=DIRECTORY} there are none, and no tests here.
 */
class OtherKernelsTest {
  private static final String TRUTH = "ground-truth.txt";
  private static final String CGROUP = "/sys/fs/cgroup/%scgroup.threads";
  private static final Path OBJECTS =
      Project.root().resolve("image/src/test/resources/helpers/kernel_objects.bpf.o");

  @TestFactory
  List<DynamicTest> everyProgramPrintsTheSameOnEveryForm() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    String images = System.getProperty("bpfdump.images", "");
    if (!images.isEmpty()) {
      for (Path home : files(Path.of(images))) {
        if (Files.exists(home.resolve(TRUTH))) {
          add(home, tests);
        }
      }
    }
    return tests;
  }

  private static void add(Path home, List<DynamicTest> tests) throws IOException {
    GroundTruth truth = GroundTruth.read(home.resolve(TRUTH));
    for (ImageSource source : sources(home)) {
      for (String program : TestImages.programs()) {
        if (!truth.has(program)) {
          continue; // a target that this kernel does not have
        }
        tests.add(
            DynamicTest.dynamicTest(
                home.getFileName() + " " + source.files().getFirst().getFileName() + " " + program,
                () ->
                    SameLines.check(
                        source,
                        new TieredEngine(),
                        program,
                        ObjectFile.read(TestImages.program(program)).program(),
                        truth)));
      }
      if (truth.hasFile(CGROUP.formatted(""))) {
        tests.add(
            DynamicTest.dynamicTest(
                home.getFileName() + " " + source.files().getFirst().getFileName() + " cgroups",
                () -> cgroupsHaveTheirTasks(source, truth)));
      }
    }
  }

  /**
   * In the order of the guest's files, where its kernel has functions for programs to walk them.
   */
  private static void cgroupsHaveTheirTasks(ImageSource source, GroundTruth truth)
      throws IOException {
    List<String> expected = new ArrayList<>();
    for (String cgroup : List.of("", "one/below/", "two/")) {
      String name = cgroup.isEmpty() ? "" : Path.of(cgroup).getFileName().toString();
      truth.file(CGROUP.formatted(cgroup)).forEach(task -> expected.add(name + ":" + task));
    }
    String inOld = truth.file("/tmp/old/few/tasks").getFirst();
    try (ImageKernel image = ImageKernel.open(source)) {
      assertThat(lines(image, "threads")).isEqualTo(expected);
      assertThat(lines(image, "old_hierarchies"))
          .filteredOn(line -> line.endsWith(" few"))
          .containsExactly(inOld + " few");
    } catch (RelocationException e) {
      assertThat(e).hasMessageContaining("kernel function bpf_iter_css_task_new is not in");
    }
  }

  private static List<String> lines(ImageKernel image, String program) throws IOException {
    try (ImageDumper dumper = image.load(ObjectFile.read(OBJECTS).program(program));
        ImageDump dump = dumper.open()) {
      return dump.lines().toList();
    }
  }

  private static List<ImageSource> sources(Path home) throws IOException {
    List<ImageSource> sources = new ArrayList<>();
    List<Path> parts = new ArrayList<>();
    for (Path file : files(home)) {
      String name = file.getFileName().toString();
      if (name.startsWith("split-")) {
        parts.add(file);
      } else if (name.contains(".elf") || name.contains(".kdump")) {
        sources.add(with(home, ImageSource.of(file)));
      }
    }
    if (!parts.isEmpty()) {
      sources.add(with(home, ImageSource.of(parts.toArray(new Path[0]))));
    }
    return sources;
  }

  /** Old kernels have no symbols in their images. */
  private static ImageSource with(Path home, ImageSource source) {
    Path map = home.resolve("System.map");
    return Files.exists(map) ? source.withSymbols(map) : source;
  }

  private static List<Path> files(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
