// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A compiled fixture, and what the head of its source says is to come of it. The keys are those of
 * the fixtures' README.
 *
 * @param name of its source, without {@code .bpf.c}
 * @param object the compiled file
 * @param compiler the directory it is in: {@code clang-14}
 */
public record Fixture(String name, Path object, String compiler, Map<String, List<String>> head) {
  private static final String SOURCE = ".bpf.c";
  private static final String OBJECT = ".bpf.o";

  /** All fixtures of all compilers, in order of name. */
  public static List<Fixture> all() {
    List<Fixture> fixtures = new ArrayList<>();
    for (Path source : list(Project.fixtures(), SOURCE)) {
      String file = source.getFileName().toString();
      String name = file.substring(0, file.length() - SOURCE.length());
      Map<String, List<String>> head = head(source);
      for (Path compiler : list(Project.fixtures(), "")) {
        Path object = compiler.resolve(name + OBJECT);
        if (Files.exists(object)) {
          fixtures.add(new Fixture(name, object, compiler.getFileName().toString(), head));
        }
      }
    }
    if (fixtures.isEmpty()) {
      throw new AssertionError("no fixtures in " + Project.fixtures());
    }
    return fixtures;
  }

  private static List<Path> list(Path directory, String ending) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(f -> f.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, List<String>> head(Path source) {
    Map<String, List<String>> head = new HashMap<>();
    try {
      for (String line : Files.readAllLines(source)) {
        if (!line.startsWith("// ")) {
          break;
        }
        int colon = line.indexOf(": ");
        if (colon > 0) {
          head.computeIfAbsent(line.substring(3, colon), _ -> new ArrayList<>())
              .add(line.substring(colon + 2).strip());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return head;
  }

  /** All values of a key. */
  public List<String> values(String key) {
    return head.getOrDefault(key, List.of());
  }

  /** The one value of a key. */
  public Optional<String> value(String key) {
    return values(key).stream().findFirst();
  }

  /** What is to come of it: {@code load}, {@code fail verifier}. */
  public String expect() {
    return value("expect").orElseThrow(() -> new AssertionError(name + " expects nothing"));
  }

  @Override
  public String toString() {
    return name + " by " + compiler;
  }
}
