// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bpfdump.error.UnsupportedException;

/**
 * The system calls of this machine. All go through one downcall handle, for libc's {@code syscall}:
 * making a handle is what costs when the JVM starts.
 */
public final class Libc implements Syscalls, FileCalls, MountCalls {
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int RLIMIT_MEMLOCK = 8;
  private static final long RLIM_INFINITY = -1;
  private static final int AT_FDCWD = -100;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int LOCK_EX_NB = 2 | 4;
  private static final int CLONE_FS = 0x200;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;

  // Calls as new as these have one number everywhere.
  private static final int OPEN_TREE = 428;
  private static final int MOVE_MOUNT = 429;
  private static final int MOUNT_SETATTR = 442;

  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout CAPTURED = Linker.Option.captureStateLayout();
  private static final long ERRNO_AT =
      CAPTURED.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle SYSCALL = link();

  private final Numbers numbers = Numbers.of(System.getProperty("os.arch"));

  // This is the one place of the project that needs native access.
  @SuppressWarnings("restricted")
  private static MethodHandle link() {
    Linker linker = Linker.nativeLinker();
    ValueLayout.OfLong word = ValueLayout.JAVA_LONG;
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("syscall"),
        FunctionDescriptor.of(word, word, word, word, word, word, word),
        ERRNO);
  }

  /** {@code syscall(number, a, b, c, d, e)}; none here takes a sixth argument. */
  private static long call(long number, long a, long b, long c, long d, long e) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(CAPTURED);
      long result = (long) SYSCALL.invokeExact(state, number, a, b, c, d, e);
      return result == -1 ? -state.get(ValueLayout.JAVA_INT, ERRNO_AT) : result;
    } catch (RuntimeException | Error error) {
      throw error;
    } catch (Throwable impossible) {
      throw new AssertionError(impossible); // a downcall throws nothing of its own
    }
  }

  @Override
  public long bpf(int command, MemorySegment attributes, int size) {
    return call(numbers.bpf, command, attributes.address(), size, 0, 0);
  }

  @Override
  public long read(int fd, MemorySegment into, long length) {
    return call(numbers.read, fd, into.address(), length, 0, 0);
  }

  @Override
  public long close(int fd) {
    return call(numbers.close, fd, 0, 0, 0, 0);
  }

  @Override
  public long duplicate(int fd, int lowest) {
    return call(numbers.fcntl, fd, F_DUPFD_CLOEXEC, lowest, 0, 0);
  }

  @Override
  public long unlimitLockedMemory() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limit = arena.allocateFrom(ValueLayout.JAVA_LONG, RLIM_INFINITY, RLIM_INFINITY);
      return call(numbers.prlimit64, 0, RLIMIT_MEMLOCK, limit.address(), 0, 0);
    }
  }

  @Override
  public long open(MemorySegment path) {
    return call(numbers.openat, AT_FDCWD, path.address(), O_NONBLOCK | O_CLOEXEC, 0, 0);
  }

  @Override
  public long enterNetworkNamespace(int fd) {
    return call(numbers.setns, fd, CLONE_NEWNET, 0, 0, 0);
  }

  @Override
  public long open(String path, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      long address = arena.allocateFrom(path).address();
      return call(numbers.openat, AT_FDCWD, address, flags | O_CLOEXEC, 0, 0);
    }
  }

  @Override
  public long tryLock(int fd) {
    return call(numbers.flock, fd, LOCK_EX_NB, 0, 0, 0);
  }

  @Override
  public long mount(String source, String at, String type, long flags, String options) {
    try (Arena arena = Arena.ofConfined()) {
      return call(
          numbers.mount,
          arena.allocateFrom(source).address(),
          arena.allocateFrom(at).address(),
          arena.allocateFrom(type).address(),
          flags,
          arena.allocateFrom(options).address());
    }
  }

  @Override
  public long copyMount(String path) {
    try (Arena arena = Arena.ofConfined()) {
      long address = arena.allocateFrom(path).address();
      return call(OPEN_TREE, AT_FDCWD, address, OPEN_TREE_CLONE | O_CLOEXEC, 0, 0);
    }
  }

  @Override
  public long setMountAttributes(int fd, long set, long clear) {
    try (Arena arena = Arena.ofConfined()) {
      long path = arena.allocateFrom("").address();
      // struct mount_attr: set, clear, propagation, user namespace
      MemorySegment attributes = arena.allocateFrom(ValueLayout.JAVA_LONG, set, clear, 0, 0);
      long size = attributes.byteSize();
      return call(MOUNT_SETATTR, fd, path, AT_EMPTY_PATH, attributes.address(), size);
    }
  }

  @Override
  public long attachMount(int fd, String at) {
    try (Arena arena = Arena.ofConfined()) {
      long nothing = arena.allocateFrom("").address();
      long place = arena.allocateFrom(at).address();
      return call(MOVE_MOUNT, fd, nothing, AT_FDCWD, place, MOVE_MOUNT_F_EMPTY_PATH);
    }
  }

  @Override
  public long unmount(String at, boolean detach) {
    try (Arena arena = Arena.ofConfined()) {
      int flags = UMOUNT_NOFOLLOW | (detach ? MNT_DETACH : 0);
      return call(numbers.umount2, arena.allocateFrom(at).address(), flags, 0, 0, 0);
    }
  }

  @Override
  public long unshareUmask() {
    return call(numbers.unshare, CLONE_FS, 0, 0, 0, 0);
  }

  @Override
  public long umask(int mask) {
    return call(numbers.umask, mask, 0, 0, 0, 0);
  }

  /** Numbers of the calls, which differ by architecture. Source: the kernel's syscall tables. */
  private record Numbers(
      int bpf,
      int read,
      int close,
      int fcntl,
      int prlimit64,
      int openat,
      int setns,
      int flock,
      int mount,
      int umount2,
      int unshare,
      int umask) {
    static Numbers of(String architecture) {
      return switch (architecture) {
        case "amd64" -> new Numbers(321, 0, 3, 72, 302, 257, 308, 73, 165, 166, 272, 95);
        case "aarch64", "riscv64", "loongarch64" ->
            new Numbers(280, 63, 57, 25, 261, 56, 268, 32, 40, 39, 97, 166);
        case "s390x" -> new Numbers(351, 3, 6, 55, 334, 288, 339, 143, 21, 52, 303, 60);
        case "ppc64le" -> new Numbers(361, 3, 6, 55, 325, 286, 350, 143, 21, 52, 282, 60);
        default ->
            throw new UnsupportedException(
                "no system call numbers for architecture " + architecture);
      };
    }
  }
}
