// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a guest said of itself an instant before its image was made, in sections of lines. */
public final class GroundTruth {
  private static final String SECTION = "@@";
  private static final String FILE = "@@FILE ";

  private final Map<String, List<String>> sections;

  private GroundTruth(Map<String, List<String>> sections) {
    this.sections = sections;
  }

  static GroundTruth read(Path file) {
    Map<String, List<String>> sections = new LinkedHashMap<>();
    List<String> lines = new ArrayList<>();
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
        if (line.startsWith(FILE)) {
          lines = new ArrayList<>();
          sections.put(line.substring(FILE.length()), lines);
        } else if (line.startsWith(SECTION)) {
          lines = new ArrayList<>();
          sections.put(line.substring(SECTION.length()).split(" ", 2)[0], lines);
        } else {
          lines.add(line);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new GroundTruth(sections);
  }

  /** The lines of a file of the guest: {@code /proc/version}. */
  public List<String> file(String path) {
    return section(path);
  }

  /** What a pinned program printed: {@code task_file}. */
  public List<String> iterator(String name) {
    return section("/sys/fs/bpf/iter_" + name);
  }

  /** Whether such a program was pinned there. */
  public boolean has(String name) {
    return sections.containsKey("/sys/fs/bpf/iter_" + name);
  }

  /** Whether a file of the guest was read. */
  boolean hasFile(String path) {
    return sections.containsKey(path);
  }

  /** The lines of {@code TASKS}, {@code FDS} or {@code KALLSYMS}. */
  public List<String> section(String name) {
    List<String> lines = sections.get(name);
    if (lines == null) {
      throw new AssertionError("the guest did not say " + name + ", but " + sections.keySet());
    }
    return lines;
  }
}
