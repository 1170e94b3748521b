// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

/** Error numbers that helpers return, negative. Source: include/uapi/asm-generic/errno.h. */
public final class Errno {
  public static final int ENOENT = 2;
  public static final int E2BIG = 7;
  public static final int EAGAIN = 11;
  public static final int ENOMEM = 12;
  public static final int EFAULT = 14;
  public static final int EBUSY = 16;
  public static final int EEXIST = 17;
  public static final int EINVAL = 22;
  public static final int ENOSPC = 28;
  public static final int ERANGE = 34;
  public static final int ENAMETOOLONG = 36;
  public static final int EOVERFLOW = 75;
  public static final int EOPNOTSUPP = 95;

  private Errno() {}
}
