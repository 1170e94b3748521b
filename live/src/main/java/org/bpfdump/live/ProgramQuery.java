// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.MalformedException;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Fd;

/**
 * The query that a loaded program was made from: its first source line, when that is in a file
 * {@code bpfdump query}. Sources: {@code struct bpf_prog_info}, {@code struct bpf_btf_info} and
 * {@code struct bpf_line_info} in {@code include/uapi/linux/bpf.h}.
 */
final class ProgramQuery {
  private static final String FILE = "bpfdump query";
  private static final int INFO_SIZE = 192;
  private static final int BTF_ID_AT = 128;
  private static final int LINES_AT = 148;
  private static final int LINE_POINTER_AT = 152;
  private static final int LINE_SIZE_AT = 172;
  private static final int LINE_SIZE = 16;
  private static final int BTF_INFO_SIZE = 16;

  /** As much as a query's BTF can have; that of others need not be read. */
  private static final int MOST_BTF = 1 << 20;

  private ProgramQuery() {}

  /** The text; empty where the program is none of a query, or the kernel does not tell. */
  static Optional<String> of(Bpf bpf, Fd program) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment line = arena.allocate(LINE_SIZE, 8);
      ByteBuffer info = buffer(arena.allocate(INFO_SIZE, 8));
      info.putInt(LINES_AT, 1).putLong(LINE_POINTER_AT, line.address());
      info.putInt(LINE_SIZE_AT, LINE_SIZE);
      if (bpf.info(program.number(), info) < 0
          || info.getInt(LINES_AT) == 0
          || info.getInt(BTF_ID_AT) == 0) {
        return Optional.empty();
      }
      Optional<Btf> types = types(bpf, arena, info.getInt(BTF_ID_AT));
      ByteBuffer first = buffer(line);
      return types.isPresent() && types.get().string(first.getInt(4)).equals(FILE)
          ? Optional.of(types.get().string(first.getInt(8)))
          : Optional.empty();
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Optional<Btf> types(Bpf bpf, Arena arena, int id) {
    int result = bpf.btfById(id);
    if (result < 0) {
      return Optional.empty();
    }
    try (Fd btf = bpf.own(result, "open BTF " + id)) {
      ByteBuffer info = buffer(arena.allocate(BTF_INFO_SIZE, 8));
      if (bpf.info(btf.number(), info) < 0) {
        return Optional.empty();
      }
      int size = info.getInt(8);
      if (size <= 0 || size > MOST_BTF) {
        return Optional.empty();
      }
      MemorySegment bytes = arena.allocate(size, 8);
      info.putLong(0, bytes.address());
      if (bpf.info(btf.number(), info) < 0 || info.getInt(8) != size) {
        return Optional.empty();
      }
      return Optional.of(Btf.parse(bytes.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE)));
    }
  }

  private static ByteBuffer buffer(MemorySegment memory) {
    return memory.asByteBuffer().order(ByteOrder.nativeOrder());
  }
}
