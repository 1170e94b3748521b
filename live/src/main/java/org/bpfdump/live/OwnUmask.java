// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.util.function.Supplier;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.FileCalls;

/**
 * Work under another umask. The umask is the whole process's, and other threads may be making
 * files: the work runs on a thread of its own, which first takes leave of what they share.
 */
final class OwnUmask {
  private OwnUmask() {}

  /** What the work returns; what it throws is thrown. */
  static <T> T with(FileCalls calls, int umask, Supplier<T> work) {
    return OwnThread.call(
        "umask",
        () -> {
          long left = calls.unshareUmask();
          if (left < 0) {
            throw new SyscallException(
                "cannot set an umask for one thread: " + Errno.text((int) -left), (int) -left);
          }
          calls.umask(umask);
          return work.get();
        });
  }
}
