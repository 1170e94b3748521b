// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

import java.lang.foreign.MemorySegment;

/**
 * The system calls on files that Java has no method for. Each returns what the kernel returns,
 * errors negated.
 */
public interface FileCalls {
  /** Makes a descriptor that only names a file, whatever may be done with it. */
  int O_PATH = 0x200000;

  int O_RDONLY = 0;

  int O_RDWR = 2;

  /** openat(2), close-on-exec. */
  long open(String path, int flags);

  /** write(2). */
  long write(int fd, MemorySegment from, long length);

  /** flock(2): tries to take the exclusive lock of an open file; -EAGAIN while another has it. */
  long tryLock(int fd);

  /** unshare(2) of CLONE_FS: this thread gets an umask and a working directory of its own. */
  long unshareUmask();

  /** umask(2); returns the one before. */
  long umask(int mask);

  /** fsopen(2) of a file system that is still to be made, close-on-exec. */
  long openFileSystem(String type);

  /** fsconfig(2): makes the file system. */
  long createFileSystem(int fd);

  /**
   * fsmount(2): mounts it nowhere. It is at {@code /proc/self/fd/N} of the descriptor returned, and
   * there as long as that.
   */
  long mountNowhere(int fd);
}
