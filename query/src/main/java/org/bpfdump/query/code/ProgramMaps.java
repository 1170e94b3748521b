// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;

/** The maps of a program, made when code first refers to them. */
final class ProgramMaps {
  private static final int ARRAY = 2;
  private static final int PERCPU_ARRAY = 6;

  /** Programs cannot write ({@code BPF_F_RDONLY_PROG}). */
  private static final int READ_ONLY = 1 << 7;

  private final List<MapSpec> maps = new ArrayList<>();
  private int rooms = -1;
  private int format = -1;
  private int eachCpu = -1;
  private int rows = -1;
  private int phrases = -1;
  private final Map<ByteBuffer, Integer> tables = new HashMap<>();
  private final Phrases words = new Phrases();

  List<MapSpec> specs() {
    if (phrases >= 0) {
      byte[] bytes = words.toBytes();
      maps.set(
          phrases,
          map("words", ARRAY, bytes.length, 1, READ_ONLY, new MapContents.Data(bytes, true)));
    }
    return maps;
  }

  /** Where long texts are made. */
  int rooms() {
    if (rooms < 0) {
      rooms =
          add("texts", PERCPU_ARRAY, LongTexts.ROOM, LongTexts.ROOMS, 0, new MapContents.Empty());
    }
    return rooms;
  }

  /** A value of each CPU, of which only matters where it is. */
  int eachCpu() {
    if (eachCpu < 0) {
      eachCpu = add("cpus", PERCPU_ARRAY, Long.BYTES, 1, 0, new MapContents.Empty());
    }
    return eachCpu;
  }

  /** The format {@code %ps}, which must be where nobody can change it. */
  int symbolFormat() {
    if (format < 0) {
      byte[] bytes = "%ps\0".getBytes(StandardCharsets.US_ASCII);
      format = add("format", ARRAY, bytes.length, 1, READ_ONLY, new MapContents.Data(bytes, true));
    }
    return format;
  }

  /** A table that nobody changes. */
  int table(byte[] bytes) {
    return tables.computeIfAbsent(
        ByteBuffer.wrap(bytes),
        _ -> add("table", ARRAY, bytes.length, 1, READ_ONLY, new MapContents.Data(bytes, true)));
  }

  /** Where rows are collected, with so many bytes. */
  int rows(int size) {
    if (rows < 0) {
      rows = add("rows", ARRAY, size, 1, 0, new MapContents.Empty());
    }
    return rows;
  }

  /** What a program says word for word. */
  int phrases() {
    if (phrases < 0) {
      phrases = maps.size();
      maps.add(null);
    }
    return phrases;
  }

  /** What is in {@link #phrases}. */
  Phrases words() {
    return words;
  }

  private int add(
      String name, int type, int valueSize, int entries, int flags, MapContents contents) {
    maps.add(map(name, type, valueSize, entries, flags, contents));
    return maps.size() - 1;
  }

  private static MapSpec map(
      String name, int type, int valueSize, int entries, int flags, MapContents contents) {
    return new MapSpec(
        name, type, 4, valueSize, entries, flags, 0, 0, false, 0, 0, Optional.empty(), contents);
  }
}
