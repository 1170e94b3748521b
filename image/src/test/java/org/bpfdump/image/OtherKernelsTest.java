// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.image.vm.TieredEngine;
import org.bpfdump.obj.ObjectFile;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The long test: images of other kernels, in every form, that {@code scripts/make-images} made.
 * Without {@code -Dbpfdump.images=DIRECTORY} there are none, and no tests here.
 */
class OtherKernelsTest {
  private static final String TRUTH = "ground-truth.txt";

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
