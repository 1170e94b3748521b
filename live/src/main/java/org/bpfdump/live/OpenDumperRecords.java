// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bpfdump.kernel.Target;

/** Reads what the program in {@code open_dumpers.bpf.c} writes: {@code struct record} and names. */
final class OpenDumperRecords {
  private static final int COMM = 16;
  private static final int OBJECT = 16;
  private static final int TARGET = 64;
  private static final int NAME = 256;

  private static final int HAS_PATH = 1;
  private static final int REMOVED = 2;
  private static final int ENDED = 4;

  private static final Comparator<OpenDumper> BY_NUMBERS =
      Comparator.comparingInt(OpenDumper::pid)
          .thenComparingInt(OpenDumper::tid)
          .thenComparingInt(OpenDumper::fd);

  /** A descriptor, whichever of the threads that share its table was come by. */
  private record Place(long table, int pid, int fd) {}

  private final Map<String, String> paths = new HashMap<>();

  /**
   * @param targets of the kernel, whose paths are shown where it is one of them
   */
  OpenDumperRecords(List<Target> targets) {
    for (Target target : targets) {
      paths.put(target.name(), target.path());
    }
  }

  /** All records, in order. */
  List<OpenDumper> decode(byte[] bytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    List<OpenDumper> dumpers = new ArrayList<>();
    // The kernel tells a table of several threads once, but not where their first has ended.
    Set<Place> seen = new HashSet<>();
    while (from.hasRemaining()) {
      long table = from.getLong();
      OpenDumper dumper = next(from);
      if (seen.add(new Place(table, dumper.pid(), dumper.fd()))) {
        dumpers.add(dumper);
      }
    }
    dumpers.sort(BY_NUMBERS);
    return dumpers;
  }

  private OpenDumper next(ByteBuffer from) {
    long session = from.getLong();
    long passed = from.getLong();
    int pid = from.getInt();
    int tid = from.getInt();
    int fd = from.getInt();
    int program = from.getInt();
    int link = from.getInt();
    int flags = from.getInt();
    String comm = text(from, COMM);
    String programName = text(from, OBJECT);
    String target = text(from, TARGET);
    Optional<OpenDumper.File> file =
        (flags & HAS_PATH) == 0
            ? Optional.empty()
            : Optional.of(new OpenDumper.File(path(from), (flags & REMOVED) != 0, link));
    return new OpenDumper(
        pid,
        tid,
        comm,
        fd,
        paths.getOrDefault(target, target),
        program,
        programName,
        session,
        Math.max(passed, 0), // a target that skips its first object stands before it
        (flags & ENDED) != 0,
        file);
  }

  /** Puts a path together from its names, the last of which comes first. */
  private static String path(ByteBuffer from) {
    StringBuilder path = new StringBuilder();
    String name;
    for (name = text(from, NAME); !name.isEmpty() && !name.equals("/"); name = text(from, NAME)) {
      path.insert(0, name).insert(0, '/');
    }
    return name.isEmpty() ? path.toString() : path.insert(0, "...").toString();
  }

  /** What a field of so many bytes has before its first 0. */
  private static String text(ByteBuffer from, int size) {
    byte[] bytes = new byte[size];
    from.get(bytes);
    int length = 0;
    while (length < size && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
