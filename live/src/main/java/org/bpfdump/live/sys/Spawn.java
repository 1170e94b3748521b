// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Starts a program by libc's {@code posix_spawn}. Java's own way does it on other threads than the
 * caller's, and gives the program no descriptors but three. What is done to the descriptors is done
 * by the child before it is the program, and in order.
 *
 * <p>Belongs to the thread that made it.
 */
public final class Spawn implements AutoCloseable {
  /** More than any libc needs: glibc and musl take 80 bytes, and 336 for attributes. */
  private static final int ACTIONS_SIZE = 256;

  private static final int ATTRIBUTES_SIZE = 1024;
  private static final short SETSIGMASK = 8;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment actions = arena.allocate(ACTIONS_SIZE, 16);

  /** Begins with the descriptors that this process has. */
  public Spawn() {
    require(call("posix_spawn_file_actions_init", actions.address(), 0, 0, 0, 0));
  }

  /** The child opens a file for reading under a descriptor's number. */
  public Spawn open(int fd, String path) {
    long address = arena.allocateFrom(path).address();
    require(call("posix_spawn_file_actions_addopen", actions.address(), fd, address, 0, 0));
    return this;
  }

  /** The child has a descriptor under another number. */
  public Spawn duplicate(int from, int to) {
    require(call("posix_spawn_file_actions_adddup2", actions.address(), from, to, 0, 0));
    return this;
  }

  /**
   * The child closes all descriptors from this number on: not all of Java's are close-on-exec.
   * Where libc cannot (glibc before 2.34), what another thread opens meanwhile stays open.
   */
  public Spawn closeFrom(int lowest) {
    if (find("posix_spawn_file_actions_addclosefrom_np").isPresent()) {
      require(call("posix_spawn_file_actions_addclosefrom_np", actions.address(), lowest, 0, 0, 0));
      return this;
    }
    try (DirectoryStream<Path> open = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path each : open) {
        int fd = Integer.parseInt(each.getFileName().toString());
        if (fd >= lowest) {
          require(call("posix_spawn_file_actions_addclose", actions.address(), fd, 0, 0, 0));
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw new org.bpfdump.error.UnsupportedException("cannot list /proc/self/fd; mount /proc");
    }
    return this;
  }

  /**
   * Starts a program with this process's environment; it is searched in PATH.
   *
   * @return its process id as this process sees it, or an error number negated: why it could not be
   *     started, or the first thing that its descriptors should be and could not
   */
  public int start(List<String> command) {
    MemorySegment words = arena.allocate(ValueLayout.ADDRESS, command.size() + 1L);
    for (int i = 0; i < command.size(); i++) {
      words.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(command.get(i)));
    }
    MemorySegment pid = arena.allocate(ValueLayout.JAVA_INT);
    MemorySegment attributes = arena.allocate(ATTRIBUTES_SIZE, 16);
    require(call("posix_spawnattr_init", attributes.address(), 0, 0, 0, 0));
    // The JVM's threads block signals; a zeroed set is empty.
    MemorySegment noSignals = arena.allocate(128, 8);
    require(call("posix_spawnattr_setsigmask", attributes.address(), noSignals.address(), 0, 0, 0));
    require(call("posix_spawnattr_setflags", attributes.address(), SETSIGMASK, 0, 0, 0));
    int error =
        call(
            "posix_spawnp",
            pid.address(),
            words.getAtIndex(ValueLayout.ADDRESS, 0).address(),
            actions.address(),
            attributes.address(),
            words.address(),
            environment());
    call("posix_spawnattr_destroy", attributes.address(), 0, 0, 0, 0);
    return error == 0 ? pid.get(ValueLayout.JAVA_INT, 0) : -error;
  }

  /** The variable {@code environ} holds it: names and values need not be text. */
  @SuppressWarnings("restricted")
  private static long environment() {
    return find("environ")
        .map(at -> at.reinterpret(ValueLayout.JAVA_LONG.byteSize()).get(ValueLayout.JAVA_LONG, 0))
        .orElse(0L);
  }

  private static Optional<MemorySegment> find(String name) {
    SymbolLookup libc = Linker.nativeLinker().defaultLookup();
    return libc.find(name);
  }

  private static int call(String function, long a, long b, long c, long d, long e) {
    return call(function, a, b, c, d, e, 0);
  }

  /** These functions return an error number. They leave arguments alone that they do not have. */
  private static int call(String function, long a, long b, long c, long d, long e, long f) {
    MethodHandle handle = Downcall.link(function);
    try (Arena scratch = Arena.ofConfined()) {
      return (int) (long) handle.invokeExact(Downcall.captured(scratch), a, b, c, d, e, f);
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible); // a downcall throws nothing of its own
    }
  }

  private static void require(int error) {
    if (error != 0) {
      throw new org.bpfdump.error.SyscallException(
          "cannot prepare the start of a program: " + Errno.text(error), error);
    }
  }

  @Override
  public void close() {
    call("posix_spawn_file_actions_destroy", actions.address(), 0, 0, 0, 0);
    arena.close();
  }
}
