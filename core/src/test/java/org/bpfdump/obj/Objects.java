// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.spec.ProgramSpec;

/** The committed objects: the fixtures of each compiler, and the examples. */
public final class Objects {
  private static final Path FIXTURES = Path.of("../testkit/src/main/resources/fixtures");
  private static final Path EXAMPLES = Path.of("../examples");

  private Objects() {}

  /** A fixture, by the name of its source without suffix, as the oldest compiler made it. */
  static ObjectFile fixture(String name) {
    return fixture(name, 14);
  }

  /** A fixture as one version of clang made it. */
  static ObjectFile fixture(String name, int clang) {
    return open(file(name, clang));
  }

  /** Where a fixture is. */
  public static Path file(String name, int clang) {
    return FIXTURES.resolve("clang-" + clang).resolve(name + ".bpf.o");
  }

  /** Where an example is. */
  public static Path example(String name) {
    return EXAMPLES.resolve(name + ".bpf.o");
  }

  static ProgramSpec program(String fixture) {
    return fixture(fixture).program();
  }

  static ObjectFile open(Path file) {
    try {
      return ObjectFile.read(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every object there is, in a fixed order. */
  public static List<Path> all() {
    List<Path> all = new ArrayList<>();
    try (Stream<Path> fixtures = Files.walk(FIXTURES);
        Stream<Path> examples = Files.list(EXAMPLES)) {
      Stream.concat(fixtures, examples)
          .filter(file -> file.toString().endsWith(".bpf.o"))
          .sorted()
          .forEach(all::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }
}
