// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

/** Error numbers, which are the same on every architecture that Libc knows. */
public final class Errno {
  public static final int EPERM = 1;
  public static final int ENOENT = 2;
  public static final int EINTR = 4;
  public static final int E2BIG = 7;
  public static final int ESRCH = 3;
  public static final int EIO = 5;
  public static final int EBADF = 9;
  public static final int ECHILD = 10;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EACCES = 13;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int ENODEV = 19;
  public static final int EINVAL = 22;
  public static final int ENFILE = 23;
  public static final int EMFILE = 24;
  public static final int ENOSPC = 28;
  public static final int EROFS = 30;
  public static final int ENOSYS = 38;
  public static final int EOPNOTSUPP = 95;
  public static final int EDQUOT = 122;

  private Errno() {}

  /** An error number as a person reads it: {@code EINVAL (invalid argument)}. */
  public static String text(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM (operation not permitted)";
      case ENOENT -> "ENOENT (no such thing)";
      case ESRCH -> "ESRCH (no such process)";
      case EINTR -> "EINTR (interrupted)";
      case EIO -> "EIO (input/output error)";
      case E2BIG -> "E2BIG (too big)";
      case EBADF -> "EBADF (bad descriptor)";
      case ECHILD -> "ECHILD (no child)";
      case EAGAIN -> "EAGAIN (try again)";
      case ENOMEM -> "ENOMEM (out of memory)";
      case EACCES -> "EACCES (permission denied)";
      case 14 -> "EFAULT (bad address)";
      case EBUSY -> "EBUSY (busy)";
      case EEXIST -> "EEXIST (exists already)";
      case ENODEV -> "ENODEV (no such device)";
      case 20 -> "ENOTDIR (not a directory)";
      case EINVAL -> "EINVAL (invalid argument)";
      case ENFILE -> "ENFILE (too many open files in the system)";
      case EMFILE -> "EMFILE (too many open files)";
      case ENOSPC -> "ENOSPC (no space left)";
      case 29 -> "ESPIPE (cannot seek)";
      case EROFS -> "EROFS (read-only file system)";
      case 34 -> "ERANGE (out of range)";
      case ENOSYS -> "ENOSYS (no such system call)";
      case 75 -> "EOVERFLOW (too large)";
      case EOPNOTSUPP -> "EOPNOTSUPP (not supported)";
      case EDQUOT -> "EDQUOT (quota used up)";
      case 524 -> "ENOTSUPP (not supported)";
      default -> "error " + errno;
    };
  }
}
