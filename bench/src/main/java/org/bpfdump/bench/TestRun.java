// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Wide;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;

/**
 * A program that the running kernel compiled, and runs many times by {@code BPF_PROG_TEST_RUN}.
 * Offsets and numbers: {@code union bpf_attr} in {@code include/uapi/linux/bpf.h}.
 */
final class TestRun implements AutoCloseable {
  private static final int PROG_LOAD = 5;
  private static final int TEST_RUN = 10;
  private static final int SCHED_CLS = 3;
  private static final int ARRAY = 2;

  /** An Ethernet frame, which the kernel takes no shorter. */
  private static final int PACKET = 64;

  private final Libc calls = new Libc();
  private final Fd map;
  private final Fd program;

  TestRun(ComputeBound computed) {
    Bpf bpf = new Bpf(calls);
    int made =
        bpf.mapCreate(
            new Bpf.MapAttributes(
                "data", ARRAY, Integer.BYTES, ComputeBound.BYTES, 1, 0, 0, 0, 0, 0, 0, 0));
    map = bpf.own(made, "make a map");
    program = bpf.own(load(computed.code(Wide.MAP_VALUE, map.number())), "load " + computed);
  }

  private int load(Code code) {
    ByteBuffer slots = ByteBuffer.allocate(8 * code.size()).order(ByteOrder.nativeOrder());
    code.write(slots);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(120, 8);
      attr.set(ValueLayout.JAVA_INT, 0, SCHED_CLS);
      attr.set(ValueLayout.JAVA_INT, 4, code.size());
      attr.set(ValueLayout.JAVA_LONG, 8, copy(arena, slots.array()).address());
      attr.set(ValueLayout.JAVA_LONG, 16, arena.allocateFrom("GPL").address());
      return (int) calls.bpf(PROG_LOAD, attr, 120);
    }
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    MemorySegment copy = arena.allocate(bytes.length, 8);
    MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return copy;
  }

  /** What runs gave, and took on average. */
  record Measured(int result, double nanos) {}

  /** Runs it so often. */
  Measured run(int repeat) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment attr = arena.allocate(80, 8);
      byte[] packet = new byte[PACKET];
      Arrays.fill(packet, (byte) 1);
      attr.set(ValueLayout.JAVA_INT, 0, program.number());
      attr.set(ValueLayout.JAVA_INT, 8, packet.length);
      attr.set(ValueLayout.JAVA_LONG, 16, copy(arena, packet).address());
      attr.set(ValueLayout.JAVA_INT, 32, repeat);
      Bpf.check((int) calls.bpf(TEST_RUN, attr, 80), "run a program");
      return new Measured(attr.get(ValueLayout.JAVA_INT, 4), attr.get(ValueLayout.JAVA_INT, 36));
    }
  }

  @Override
  public void close() {
    program.close();
    map.close();
  }
}
