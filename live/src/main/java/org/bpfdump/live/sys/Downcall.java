// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * Functions of libc that take up to six words, after memory for errno. They share a signature and
 * nearly all are {@code syscall}: making the first handle for a signature is what costs when the
 * JVM starts. That happens when this class is first used.
 */
final class Downcall {
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final int ERRNO_AT = errnoAt();
  private static final MethodHandle SYSCALL = link("syscall");

  private Downcall() {}

  /** A function by its name. */
  @SuppressWarnings("restricted")
  static MethodHandle link(String function) {
    Linker linker = Linker.nativeLinker();
    ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(function),
        FunctionDescriptor.of(word, word, word, word, word, word, word),
        ERRNO);
  }

  /** Memory for errno. */
  static MemorySegment captured(Arena arena) {
    return arena.allocate(CAPTURED);
  }

  /** {@code syscall(number, a, b, c, d, e)}: its result, or the negated errno. */
  static long syscall(long number, long a, long b, long c, long d, long e) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = captured(arena);
      long result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, e);
      return result == -1 ? -errno(state) : result;
    } catch (RuntimeException | Error error) {
      throw error;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible); // a downcall throws nothing of its own
    }
  }

  private static int errno(MemorySegment captured) {
    return captured.asByteBuffer().order(ByteOrder.nativeOrder()).getInt(ERRNO_AT);
  }

  /** A path through the layout would tell, and have the JVM make a dozen method handles. */
  private static int errnoAt() {
    long at = 0;
    for (MemoryLayout member : CAPTURED.memberLayouts()) {
      if (member.name().equals(Optional.of("errno"))) {
        return Math.toIntExact(at);
      }
      at += member.byteSize();
    }
    throw new AssertionError("no errno in " + CAPTURED);
  }
}
