// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

/** A request cannot be done; the error number says why. Numbers are those of Linux. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EIO = 5;
  static final int EBADF = 9;
  static final int ENOMEM = 12;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int ENOTDIR = 20;
  static final int EISDIR = 21;
  static final int EINVAL = 22;
  static final int EFBIG = 27;
  static final int EROFS = 30;
  static final int ERANGE = 34;
  static final int ENOSYS = 38;
  static final int ENODATA = 61;

  private final int errno;

  Refusal(int errno) {
    super("error " + errno, null, false, false);
    this.errno = errno;
  }

  int errno() {
    return errno;
  }
}
