// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.File;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The BPF objects of the whole system, as bpftool lists them.
 *
 * @param byId bpftool's own text of each object by kind and id: {@code "map 12"}
 */
record BpfObjects(Map<String, String> byId) {
  private static final String[] KINDS = {"prog", "map", "link"};
  private static final Pattern FIRST_LINE = Pattern.compile("(\\d+): .*");
  private static final Pattern USES = Pattern.compile("\\b(prog|map_ids) (\\d+(?:,\\d+)*)");

  /** Empty where bpftool is missing or may not look. */
  static BpfObjects list() {
    Map<String, String> byId = new TreeMap<>();
    if (bpftoolFound()) {
      for (String kind : KINDS) {
        parse(kind, Exec.of("bpftool", kind, "list").run().out(), byId);
      }
    }
    return new BpfObjects(byId);
  }

  private static void parse(String kind, String text, Map<String, String> byId) {
    String key = null;
    for (String line : text.lines().toList()) {
      Matcher first = FIRST_LINE.matcher(line);
      if (first.matches()) {
        key = kind + " " + first.group(1);
        byId.put(key, kind + " " + line);
      } else if (key != null) {
        byId.merge(key, " " + line.strip(), String::concat);
      }
    }
  }

  /** The given objects, the programs of the links among them, and the maps of those programs. */
  Set<String> withWhatTheyUse(Set<String> ids) {
    Set<String> all = new HashSet<>(ids);
    for (String kind : new String[] {"link", "prog"}) {
      for (String id : Set.copyOf(all)) {
        String text = byId.get(id);
        if (id.startsWith(kind) && text != null) {
          addUsed(text, all);
        }
      }
    }
    return all;
  }

  private static void addUsed(String text, Set<String> into) {
    Matcher uses = USES.matcher(text);
    while (uses.find()) {
      String kind = uses.group(1).equals("prog") ? "prog " : "map ";
      for (String id : uses.group(2).split(",")) {
        into.add(kind + id);
      }
    }
  }

  static boolean bpftoolFound() {
    String path = System.getenv("PATH");
    if (path == null) {
      return false;
    }
    for (String dir : path.split(File.pathSeparator)) {
      if (new File(dir, "bpftool").canExecute()) {
        return true;
      }
    }
    return false;
  }
}
