// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Open descriptors, from {@code /proc}. Empty where there is no such file system. */
final class Descriptors {
  private static final Path PROC = Path.of("/proc");
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));

  private Descriptors() {}

  /** What each descriptor of this process is, less what the JVM opens when it likes. */
  static Map<Integer, String> ofThisProcess() {
    Map<Integer, String> open = new TreeMap<>();
    for (Path fd : list(PROC.resolve("self/fd"))) {
      try {
        String what = Files.readSymbolicLink(fd).toString();
        if (!isOfTheJvm(what) && !what.equals("/proc/" + ProcessHandle.current().pid() + "/fd")) {
          open.put(Integer.valueOf(fd.getFileName().toString()), what);
        }
      } catch (IOException e) {
        // closed since it was listed
      }
    }
    return open;
  }

  private static boolean isOfTheJvm(String what) {
    return what.endsWith(".jar")
        || what.endsWith(".class")
        || what.equals("/dev/random")
        || what.equals("/dev/urandom")
        || what.startsWith("/sys/fs/cgroup/")
        || Path.of(what).startsWith(JAVA_HOME);
  }

  /** The BPF objects that descriptors of other processes refer to: {@code "map 12"}. */
  static Set<String> bpfObjectsOfOtherProcesses() {
    Set<String> held = new HashSet<>();
    String self = Long.toString(ProcessHandle.current().pid());
    for (Path process : list(PROC)) {
      String pid = process.getFileName().toString();
      if (Character.isDigit(pid.charAt(0)) && !pid.equals(self)) {
        for (Path info : list(process.resolve("fdinfo"))) {
          addIds(info, held);
        }
      }
    }
    return held;
  }

  private static void addIds(Path fdinfo, Set<String> into) {
    List<String> lines;
    try {
      lines = Files.readAllLines(fdinfo);
    } catch (IOException e) {
      return; // closed since it was listed
    }
    for (String line : lines) {
      for (String kind : new String[] {"prog", "map", "link"}) {
        String key = kind + "_id:";
        if (line.startsWith(key)) {
          into.add(kind + " " + line.substring(key.length()).strip());
        }
      }
    }
  }

  private static List<Path> list(Path dir) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(dir)) {
      List<Path> all = new ArrayList<>();
      entries.forEach(all::add);
      return all;
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // gone, not ours to see, or not Linux
    }
  }
}
