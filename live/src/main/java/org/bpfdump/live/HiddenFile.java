// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;

/**
 * A link as a file, for those who can only be told to open one. It is in a bpffs of its own that is
 * mounted nowhere: nobody else sees it, and when this process ends, however it ends, it is gone.
 *
 * @param directory the bpffs's
 */
record HiddenFile(Fd directory) implements AutoCloseable {
  private static final String NAME = "/dump";

  /** Makes one of a link, which stays the caller's. */
  static HiddenFile of(Libc calls, Bpf bpf, Fd link) {
    String what = "make a bpffs that is mounted nowhere";
    try (Fd made = bpf.own((int) calls.openFileSystem("bpf"), what)) {
      Bpf.check((int) calls.createFileSystem(made.number()), what);
      HiddenFile file = new HiddenFile(bpf.own((int) calls.mountNowhere(made.number()), what));
      try {
        Bpf.check(
            bpf.pin(link.number(), file.path()), "pin a link in a bpffs that is mounted nowhere");
        return file;
      } catch (RuntimeException e) {
        file.close();
        throw e;
      }
    }
  }

  /** Where it is, for this process and its children until they are another program. */
  String path() {
    return "/proc/self/fd/" + directory.number() + NAME;
  }

  @Override
  public void close() {
    directory.close();
  }
}
