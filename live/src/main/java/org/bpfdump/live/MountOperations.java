// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.file.Path;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.FileCalls;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.MountCalls;

/** What is done to mounts of a tree. Paths have no links in them. */
final class MountOperations {
  private static final long CHANGE = 0x20 | 0x1000; // MS_REMOUNT | MS_BIND

  private final Path root;
  private final Libc calls;
  private final MountCalls mounts;

  /**
   * @param mounts what mounts; {@code calls} but in tests
   */
  MountOperations(Path root, Libc calls, MountCalls mounts) {
    this.root = root;
    this.calls = calls;
    this.mounts = mounts;
  }

  /** Shows the tree over a directory; it does so with these options, or not at all. */
  void attach(Path at, MountOptions options) {
    Mount home = Mount.of(root);
    if (home.readOnly() && !options.readOnly()) {
      throw new RequestException(
          "cannot mount the tree of dumpers at "
              + at
              + ": "
              + home.at()
              + " is mounted read-only; ask for that (-o ro), or remount it read-write");
    }
    // Options first: at no time and in no other namespace is there a mount without them.
    long copy = mounts.copyMount(root.toString());
    if (copy < 0) {
      throw refused("mount the tree of dumpers at " + at, copy);
    }
    try (Fd mount = Fd.own(calls, (int) copy)) {
      long clear = options.toClear() & ~MountOptions.READ_ONLY;
      long changed = mounts.setMountAttributes(mount.number(), options.set(), clear);
      if (changed < 0 && changed != -Errno.ENOSYS) {
        throw refused("mount the tree of dumpers with these options at " + at, changed);
      }
      long attached = mounts.attachMount(mount.number(), at.toString());
      if (attached < 0) {
        throw refused("mount the tree of dumpers at " + at, attached);
      }
      if (changed == -Errno.ENOSYS) {
        changeAsOldKernelsDo(at, options);
      }
    }
  }

  /** Before Linux 5.12 only what is mounted can be changed. */
  private void changeAsOldKernelsDo(Path at, MountOptions options) {
    long result = mounts.mount("none", at.toString(), "none", CHANGE | options.oldFlags(), "");
    if (result < 0) {
      mounts.unmount(at.toString(), true);
      throw refused("mount the tree of dumpers with these options at " + at, result);
    }
  }

  /** Changes the options of a mount, those that are named. */
  void change(Path at, MountOptions options) {
    String what = "change how the tree of dumpers is mounted at " + at;
    long open = calls.open(at.toString(), FileCalls.O_PATH);
    if (open < 0) {
      throw refused(what, open);
    }
    long result;
    try (Fd mount = Fd.own(calls, (int) open)) {
      result = mounts.setMountAttributes(mount.number(), options.set(), options.toClear());
    }
    if (result == -Errno.ENOSYS) {
      long flags = CHANGE | options.forNew().oldFlags();
      result = mounts.mount("none", at.toString(), "none", flags, "");
    }
    if (result < 0) {
      throw refused(what, result);
    }
  }

  /**
   * Takes a mount away.
   *
   * @param whileUsed whether also one that is used, which those who use it then keep
   */
  void detach(Path at, boolean whileUsed) {
    long result = mounts.unmount(at.toString(), whileUsed);
    if (result < 0) {
      throw refused("unmount " + at, result);
    }
  }

  private static SyscallException refused(String what, long result) {
    int errno = (int) -result;
    String remedy =
        switch (errno) {
          case Errno.EPERM, Errno.EACCES -> "; run as root";
          case Errno.EBUSY -> "; a process uses it (fuser -vm)";
          case Errno.ENOSYS -> "; needs Linux 5.2";
          default -> "";
        };
    return new SyscallException("cannot " + what + ": " + Errno.text(errno) + remedy, errno);
  }
}
