// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bpfdump.error.UnsupportedException;

/**
 * The system calls of this machine, all by one {@link Downcall}. What is no system call is in
 * {@link Spawn}.
 */
public final class Libc implements Syscalls, FileCalls, MountCalls, ProcessCalls {
  private static final int F_DUPFD_CLOEXEC = 1030;
  private static final int RLIMIT_MEMLOCK = 8;
  private static final long RLIM_INFINITY = -1;
  private static final int AT_FDCWD = -100;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;
  private static final int LOCK_EX_NB = 2 | 4;
  private static final int CLONE_FS = 0x200;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int MNT_DETACH = 2;
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int NS_GET_NSTYPE = 0xb703;
  private static final int FSCONFIG_CMD_CREATE = 6;

  /** FSOPEN_CLOEXEC and FSMOUNT_CLOEXEC. */
  private static final int CLOEXEC_1 = 1;

  // Calls as new as these have one number everywhere.
  private static final int PIDFD_SEND_SIGNAL = 424;
  private static final int OPEN_TREE = 428;
  private static final int MOVE_MOUNT = 429;
  private static final int FSOPEN = 430;
  private static final int FSCONFIG = 431;
  private static final int FSMOUNT = 432;
  private static final int PIDFD_OPEN = 434;
  private static final int PIDFD_GETFD = 438;
  private static final int MOUNT_SETATTR = 442;

  private final Numbers numbers = Numbers.of(System.getProperty("os.arch"));

  /**
   * Makes a first call, of no effect, on a thread of its own. In a fresh JVM that takes as long as
   * reading the kernel's BTF, which needs no call; whoever makes one meanwhile waits.
   */
  public static void linkAhead() {
    Thread.ofPlatform().daemon().name("bpfdump-link").start(() -> new Libc().close(-1));
  }

  /** None here takes a sixth argument. */
  private static long call(long number, long a, long b, long c, long d, long e) {
    return Downcall.syscall(number, a, b, c, d, e);
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
  public long write(int fd, MemorySegment from, long length) {
    return call(numbers.write, fd, from.address(), length, 0, 0);
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

  @Override
  public long openFileSystem(String type) {
    try (Arena arena = Arena.ofConfined()) {
      return call(FSOPEN, arena.allocateFrom(type).address(), CLOEXEC_1, 0, 0, 0);
    }
  }

  @Override
  public long createFileSystem(int fd) {
    return call(FSCONFIG, fd, FSCONFIG_CMD_CREATE, 0, 0, 0);
  }

  @Override
  public long mountNowhere(int fd) {
    return call(FSMOUNT, fd, CLOEXEC_1, 0, 0, 0);
  }

  @Override
  public long namespaceKind(int fd) {
    return call(numbers.ioctl, fd, NS_GET_NSTYPE, 0, 0, 0);
  }

  @Override
  public long enterPidNamespace(int fd) {
    return call(numbers.setns, fd, CLONE_NEWPID, 0, 0, 0);
  }

  @Override
  public long openProcess(int pid) {
    return call(PIDFD_OPEN, pid, 0, 0, 0, 0);
  }

  @Override
  public long takeDescriptor(int pidfd, int fd) {
    return call(PIDFD_GETFD, pidfd, fd, 0, 0, 0);
  }

  @Override
  public long kill(int pid, int signal) {
    return call(numbers.kill, pid, signal, 0, 0, 0);
  }

  @Override
  public long signal(int pidfd, int signal) {
    return call(PIDFD_SEND_SIGNAL, pidfd, signal, 0, 0, 0);
  }

  @Override
  public long await(int pid, MemorySegment status) {
    return call(numbers.wait4, pid, status.address(), 0, 0, 0);
  }

  @Override
  public long pipe(MemorySegment ends) {
    return call(numbers.pipe2, ends.address(), O_CLOEXEC, 0, 0, 0);
  }

  /** Numbers of the calls, which differ by architecture. Source: the kernel's syscall tables. */
  private record Numbers(
      int bpf,
      int read,
      int write,
      int close,
      int fcntl,
      int prlimit64,
      int openat,
      int setns,
      int flock,
      int mount,
      int umount2,
      int unshare,
      int umask,
      int kill,
      int wait4,
      int pipe2,
      int ioctl) {
    static Numbers of(String architecture) {
      return switch (architecture) {
        case "amd64" ->
            new Numbers(321, 0, 1, 3, 72, 302, 257, 308, 73, 165, 166, 272, 95, 62, 61, 293, 16);
        case "aarch64", "riscv64", "loongarch64" ->
            new Numbers(280, 63, 64, 57, 25, 261, 56, 268, 32, 40, 39, 97, 166, 129, 260, 59, 29);
        case "s390x" ->
            new Numbers(351, 3, 4, 6, 55, 334, 288, 339, 143, 21, 52, 303, 60, 37, 114, 325, 54);
        case "ppc64le" ->
            new Numbers(361, 3, 4, 6, 55, 325, 286, 350, 143, 21, 52, 282, 60, 37, 114, 317, 54);
        default ->
            throw new UnsupportedException(
                "no system call numbers for architecture " + architecture);
      };
    }
  }
}
