// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Calls functions of libc that Java has no method for. Quick to write, slow to run. */
public final class NativeCall {
  /** What {@link #attempt} gives for the operation that would have to wait. */
  public static final int EAGAIN = 11;

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final long ERRNO_AT =
      CAPTURED.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private NativeCall() {}

  /**
   * Calls a function that returns an int, or a size that fits one.
   *
   * @param arguments each an {@link Integer} for an int, a {@link Long} for a size, or a {@link
   *     MemorySegment} for a pointer
   * @return what it returns; a failed test when that is -1
   */
  public static int call(String function, Object... arguments) {
    int result = attempt(function, arguments);
    if (result < 0) {
      throw new AssertionError(
          "%s%s: errno %d".formatted(function, Arrays.toString(arguments), -result));
    }
    return result;
  }

  /** The same, where failing is an answer: the error's number, negated. */
  @SuppressWarnings("restricted")
  public static int attempt(String function, Object... arguments) {
    MemoryLayout[] layouts = new MemoryLayout[arguments.length];
    for (int i = 0; i < arguments.length; i++) {
      layouts[i] =
          switch (arguments[i]) {
            case Integer _ -> ValueLayout.JAVA_INT;
            case Long _ -> ValueLayout.JAVA_LONG;
            case MemorySegment _ -> ValueLayout.ADDRESS;
            default -> throw new IllegalArgumentException("no C type for " + arguments[i]);
          };
    }
    Linker linker = Linker.nativeLinker();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment captured = arena.allocate(CAPTURED);
      List<Object> all = new ArrayList<>(List.of(captured));
      all.addAll(Arrays.asList(arguments));
      int result =
          (int)
              linker
                  .downcallHandle(
                      linker.defaultLookup().findOrThrow(function),
                      FunctionDescriptor.of(ValueLayout.JAVA_INT, layouts),
                      ERRNO)
                  .invokeWithArguments(all);
      return result == -1 ? -captured.get(ValueLayout.JAVA_INT, ERRNO_AT) : result;
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible); // a downcall throws nothing of its own
    }
  }
}
