// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bpfdump.error.SyscallException;

/**
 * The commands of bpf(2) that bpfdump uses. A method returns what the kernel does: zero, an id or a
 * descriptor, or an error number negated. Offsets and numbers: {@code union bpf_attr} and {@code
 * enum bpf_cmd} in {@code include/uapi/linux/bpf.h}.
 */
public final class Bpf {
  private static final int MAP_CREATE = 0;
  private static final int MAP_LOOKUP_ELEM = 1;
  private static final int MAP_UPDATE_ELEM = 2;
  private static final int PROG_LOAD = 5;
  private static final int OBJ_PIN = 6;
  private static final int OBJ_GET = 7;
  private static final int MAP_GET_NEXT_ID = 12;
  private static final int PROG_GET_FD_BY_ID = 13;
  private static final int MAP_GET_FD_BY_ID = 14;
  private static final int OBJ_GET_INFO_BY_FD = 15;
  private static final int BTF_LOAD = 18;
  private static final int BTF_GET_FD_BY_ID = 19;
  private static final int MAP_FREEZE = 22;
  private static final int BTF_GET_NEXT_ID = 23;
  private static final int LINK_CREATE = 28;
  private static final int LINK_UPDATE = 29;
  private static final int ITER_CREATE = 33;

  private static final int PROG_TYPE_TRACING = 26;
  private static final int TRACE_ITER = 28;
  private static final int F_SLEEPABLE = 0x10;

  private static final int FUNC_INFO_SIZE = 8;
  private static final int LINE_INFO_SIZE = 16;

  private final Syscalls calls;

  /** Commands through this door. */
  public Bpf(Syscalls calls) {
    this.calls = calls;
  }

  private int call(int command, Attr attr) {
    long result = calls.bpf(command, attr.segment(), attr.size());
    if (result == -Errno.EPERM && chargesLockedMemory(command)) {
      // Kernels before 5.11 say EPERM where the limit on locked memory is reached.
      if (calls.unlimitLockedMemory() == 0) {
        result = calls.bpf(command, attr.segment(), attr.size());
      }
    }
    return (int) result;
  }

  private static boolean chargesLockedMemory(int command) {
    return command == MAP_CREATE || command == PROG_LOAD || command == BTF_LOAD;
  }

  /**
   * Takes ownership of the descriptor that a command returned.
   *
   * @param result what the command returned
   * @param what what was tried, as it goes on after "cannot": {@code create map x}
   * @throws SyscallException when it is an error
   */
  public Fd own(int result, String what) {
    check(result, what);
    return Fd.own(calls, result);
  }

  /** Throws when a command's result is an error; see {@link #own}. */
  public static void check(int result, String what) {
    if (result >= 0) {
      return;
    }
    String remedy =
        result == -Errno.EPERM
            ? ": run as root, or with the capabilities CAP_BPF and CAP_PERFMON"
            : "";
    throw new SyscallException("cannot " + what + ": " + Errno.text(-result) + remedy, -result);
  }

  /** Loads BTF. {@code logSize} bytes of the kernel's reasons go into the result, none for 0. */
  public Logged btfLoad(byte[] btf, int logSize) {
    try (Attr attr = new Attr(32)) {
      attr.putBytes(0, btf).putInt(16, btf.length);
      ByteBuffer log = null;
      if (logSize > 0) {
        log = attr.putBuffer(8, logSize);
        attr.putInt(20, logSize).putInt(24, 1);
      }
      return new Logged(call(BTF_LOAD, attr), text(log));
    }
  }

  /** Creates a map. */
  public int mapCreate(MapAttributes map) {
    try (Attr attr = new Attr(72)) {
      attr.putInt(0, map.type)
          .putInt(4, map.keySize)
          .putInt(8, map.valueSize)
          .putInt(12, map.maxEntries)
          .putInt(16, map.flags)
          .putInt(20, map.innerMapFd)
          .putInt(24, map.numaNode)
          .putName(28, map.name)
          .putInt(48, map.btfFd)
          .putInt(52, map.keyType)
          .putInt(56, map.valueType)
          .putLong(64, map.extra);
      return call(MAP_CREATE, attr);
    }
  }

  /** What a map is created of; descriptors are 0 for none. */
  public record MapAttributes(
      String name,
      int type,
      int keySize,
      int valueSize,
      int maxEntries,
      int flags,
      int numaNode,
      long extra,
      int innerMapFd,
      int btfFd,
      int keyType,
      int valueType) {}

  /** Reads one element of a map into {@code value}, which must be as long as the map's values. */
  public int mapLookup(int map, byte[] key, byte[] value) {
    try (Attr attr = new Attr(32)) {
      attr.putInt(0, map).putBytes(8, key);
      ByteBuffer buffer = attr.putBuffer(16, value.length);
      int result = call(MAP_LOOKUP_ELEM, attr);
      if (result >= 0) {
        buffer.get(0, value);
      }
      return result;
    }
  }

  /** Sets one element of a map. */
  public int mapUpdate(int map, byte[] key, byte[] value) {
    try (Attr attr = new Attr(32)) {
      attr.putInt(0, map).putBytes(8, key).putBytes(16, value);
      return call(MAP_UPDATE_ELEM, attr);
    }
  }

  /** Makes a map one that user space cannot change any more. */
  public int mapFreeze(int map) {
    try (Attr attr = new Attr(8)) {
      attr.putInt(0, map);
      return call(MAP_FREEZE, attr);
    }
  }

  /**
   * Loads an iterator program.
   *
   * @param logSize bytes for the verifier's log; 0 for none
   */
  public Logged programLoad(ProgramAttributes program, int logSize) {
    // A short attribute is enough, and older kernels refuse a longer one only where it is not zero.
    try (Attr attr = new Attr(program.fdArray.length > 0 ? 128 : 120)) {
      attr.putInt(0, PROG_TYPE_TRACING)
          .putInt(4, program.instructions.length / 8)
          .putBytes(8, program.instructions)
          .putString(16, program.license)
          .putInt(44, program.sleepable ? F_SLEEPABLE : 0)
          .putName(48, program.name)
          .putInt(68, TRACE_ITER)
          .putInt(72, program.btfFd)
          .putInt(108, program.attachBtfId)
          .putInt(112, program.attachBtfFd);
      if (program.functions.length > 0) {
        attr.putInt(76, FUNC_INFO_SIZE)
            .putBytes(80, program.functions)
            .putInt(88, program.functions.length / FUNC_INFO_SIZE);
      }
      if (program.lines.length > 0) {
        attr.putInt(92, LINE_INFO_SIZE)
            .putBytes(96, program.lines)
            .putInt(104, program.lines.length / LINE_INFO_SIZE);
      }
      if (program.fdArray.length > 0) {
        attr.putBytes(120, program.fdArray);
      }
      ByteBuffer log = null;
      if (logSize > 0) {
        log = attr.putBuffer(32, logSize);
        attr.putInt(24, 1).putInt(28, logSize);
      }
      return new Logged(call(PROG_LOAD, attr), text(log));
    }
  }

  /**
   * What a program is loaded of. Byte arrays are in the machine's byte order, empty for none;
   * descriptors are 0 for none.
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record ProgramAttributes(
      String name,
      byte[] instructions,
      String license,
      boolean sleepable,
      int btfFd,
      byte[] functions,
      byte[] lines,
      int attachBtfId,
      int attachBtfFd,
      byte[] fdArray) {

    /** The same with other instructions, for another function of the kernel itself. */
    public ProgramAttributes with(byte[] otherInstructions, int function) {
      return new ProgramAttributes(
          name,
          otherInstructions,
          license,
          sleepable,
          btfFd,
          functions,
          lines,
          function,
          0,
          fdArray);
    }
  }

  /** A command's result, and the log that the kernel wrote; empty when none was asked for. */
  public record Logged(int result, String log) {}

  private static String text(ByteBuffer log) {
    if (log == null) {
      return "";
    }
    int end = 0;
    while (end < log.capacity() && log.get(end) != 0) {
      end++;
    }
    byte[] bytes = new byte[end];
    log.get(0, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /**
   * Attaches an iterator program to its target.
   *
   * @param info {@code union bpf_iter_link_info} as bytes; empty for none
   */
  public int linkCreate(int program, byte[] info) {
    try (Attr attr = new Attr(32)) {
      attr.putInt(0, program).putInt(8, TRACE_ITER).putBytes(16, info).putInt(24, info.length);
      return call(LINK_CREATE, attr);
    }
  }

  /** Swaps the program of a link; passes that are open keep the one before. */
  public int linkUpdate(int link, int program) {
    try (Attr attr = new Attr(16)) {
      attr.putInt(0, link).putInt(4, program);
      return call(LINK_UPDATE, attr);
    }
  }

  /** Opens a pass over a link's target. */
  public int iterCreate(int link) {
    try (Attr attr = new Attr(8)) {
      attr.putInt(0, link);
      return call(ITER_CREATE, attr);
    }
  }

  /** Pins an object at a path in a bpffs. */
  public int pin(int fd, String path) {
    try (Attr attr = new Attr(16)) {
      attr.putString(0, path).putInt(8, fd);
      return call(OBJ_PIN, attr);
    }
  }

  /** Opens the object pinned at a path. */
  public int get(String path) {
    try (Attr attr = new Attr(16)) {
      attr.putString(0, path);
      return call(OBJ_GET, attr);
    }
  }

  /**
   * Reads what the kernel says of an object.
   *
   * @param into zeroed, or with pointers where the structure takes them; its capacity is what is
   *     asked for
   */
  public int info(int fd, ByteBuffer into) {
    try (Attr attr = new Attr(16)) {
      attr.putInt(0, fd).putInt(4, into.capacity());
      attr.putLong(8, java.lang.foreign.MemorySegment.ofBuffer(into.duplicate().clear()).address());
      return call(OBJ_GET_INFO_BY_FD, attr);
    }
  }

  /** The lowest map id above this one, or -ENOENT. */
  public int nextMap(int id) {
    return next(MAP_GET_NEXT_ID, id);
  }

  /** The lowest BTF id above this one, or -ENOENT. */
  public int nextBtf(int id) {
    return next(BTF_GET_NEXT_ID, id);
  }

  private int next(int command, int id) {
    try (Attr attr = new Attr(16)) {
      attr.putInt(0, id);
      int result = call(command, attr);
      return result < 0 ? result : attr.getInt(4);
    }
  }

  /** A descriptor of the program of this id. */
  public int programById(int id) {
    return byId(PROG_GET_FD_BY_ID, id);
  }

  /** A descriptor of the map of this id. */
  public int mapById(int id) {
    return byId(MAP_GET_FD_BY_ID, id);
  }

  /** A descriptor of the BTF of this id. */
  public int btfById(int id) {
    return byId(BTF_GET_FD_BY_ID, id);
  }

  private int byId(int command, int id) {
    try (Attr attr = new Attr(16)) {
      attr.putInt(0, id);
      return call(command, attr);
    }
  }
}
