// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bpfdump.asm.Code;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Libc;

/**
 * A program that the running kernel verified and compiled, run by {@code BPF_PROG_TEST_RUN}.
 * Offsets and numbers: {@code union bpf_attr} in {@code include/uapi/linux/bpf.h}.
 */
public final class KernelProgram implements AutoCloseable {
  private static final int PROG_LOAD = 5;
  private static final int TEST_RUN = 10;
  private static final int SYSCALL = 31;
  private static final int SLEEPABLE = 1 << 4;
  private static final int LOG = 1 << 16;

  private final Libc calls = new Libc();
  private final int fd;

  private KernelProgram(Code code) {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer slots = ByteBuffer.allocate(8 * code.size()).order(ByteOrder.nativeOrder());
      code.write(slots);
      MemorySegment log = arena.allocate(LOG);
      MemorySegment attr = arena.allocate(120, 8);
      attr.set(ValueLayout.JAVA_INT, 0, SYSCALL);
      attr.set(ValueLayout.JAVA_INT, 4, code.size());
      attr.set(ValueLayout.JAVA_LONG, 8, copy(arena, slots.array()).address());
      attr.set(ValueLayout.JAVA_LONG, 16, arena.allocateFrom("GPL").address());
      attr.set(ValueLayout.JAVA_INT, 44, SLEEPABLE);
      fd = (int) calls.bpf(PROG_LOAD, attr, 120);
      if (fd < 0) {
        // Again, for the reason.
        attr.set(ValueLayout.JAVA_INT, 24, 1);
        attr.set(ValueLayout.JAVA_INT, 28, LOG);
        attr.set(ValueLayout.JAVA_LONG, 32, log.address());
        calls.bpf(PROG_LOAD, attr, 120);
        String text = log.getString(0);
        throw new AssertionError(
            "error " + -fd + "\n" + text.substring(Math.max(0, text.length() - 3000)));
      }
    }
  }

  /** Loads a program whose context is some bytes of the caller's. */
  public static KernelProgram load(Code code) {
    return new KernelProgram(code);
  }

  private static MemorySegment copy(Arena arena, byte[] bytes) {
    MemorySegment copy = arena.allocate(Math.max(1, bytes.length), 8);
    MemorySegment.copy(bytes, 0, copy, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return copy;
  }

  /** Runs it with a context, which it may change. Returns the lower half of r0. */
  public int run(byte[] context) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = copy(arena, context);
      MemorySegment attr = arena.allocate(80, 8);
      attr.set(ValueLayout.JAVA_INT, 0, fd);
      attr.set(ValueLayout.JAVA_INT, 40, context.length);
      attr.set(ValueLayout.JAVA_LONG, 48, bytes.address());
      Bpf.check((int) calls.bpf(TEST_RUN, attr, 80), "run a program");
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, 0, context, 0, context.length);
      return attr.get(ValueLayout.JAVA_INT, 4);
    }
  }

  @Override
  public void close() {
    calls.close(fd);
  }
}
