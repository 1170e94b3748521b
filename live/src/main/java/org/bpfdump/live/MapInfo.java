// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Fd;

/** What the kernel says of a map. Source: {@code struct bpf_map_info}. */
record MapInfo(
    int type, int id, int keySize, int valueSize, int maxEntries, int flags, String name) {
  private static final int SIZE = 40;
  private static final int NAME_AT = 24;

  static MapInfo of(Bpf bpf, Fd map, String what) {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer info = arena.allocate(SIZE, 8).asByteBuffer().order(ByteOrder.nativeOrder());
      Bpf.check(bpf.info(map.number(), info), "ask the kernel about the map " + what);
      int end = NAME_AT;
      while (end < SIZE && info.get(end) != 0) {
        end++;
      }
      byte[] name = new byte[end - NAME_AT];
      info.get(NAME_AT, name);
      return new MapInfo(
          info.getInt(0),
          info.getInt(4),
          info.getInt(8),
          info.getInt(12),
          info.getInt(16),
          info.getInt(20),
          new String(name, StandardCharsets.UTF_8));
    }
  }
}
