// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Libc;

/** Makes the directories of a tree of dumpers, and the file system for them. */
final class TreeDirectories {
  /** Where bpffs is mounted by custom. */
  static final Path BPFFS = Path.of("/sys/fs/bpf");

  private static final int FLAGS = 2 | 4 | 8; // MS_NOSUID | MS_NODEV | MS_NOEXEC
  private static final int UMASK = 022;
  private static final int OTHERS_WRITE = 022;
  private static final int TYPE = 0xF000; // S_IFMT
  private static final int DIRECTORY = 0x4000;

  private final Path root;
  private final Libc calls;

  TreeDirectories(Path root, Libc calls) {
    this.root = root;
    this.calls = calls;
  }

  /** Makes what is missing for these targets; a target's parent comes before it. */
  void make(List<Target> targets) {
    Mount mount = Mount.of(root);
    if (!mount.isBpf() && root.startsWith(BPFFS)) {
      mount();
      mount = Mount.of(root);
    }
    if (!mount.isBpf()) {
      throw new RequestException(
          root + " is not in a bpffs: mount one there (mount -t bpf bpf DIRECTORY)");
    }
    List<Path> missing = new ArrayList<>();
    if (!isThere(root)) {
      missing.add(root);
    }
    for (Target target : targets) {
      Path directory = root.resolve(target.path());
      if (!isThere(directory)) {
        missing.add(directory);
      }
    }
    if (!missing.isEmpty()) {
      requireWritable(mount);
      OwnUmask.with(
          calls,
          UMASK,
          () -> {
            missing.forEach(TreeDirectories::create);
            return null;
          });
    }
  }

  private void requireWritable(Mount mount) {
    if (mount.readOnly()) {
      throw new RequestException(
          "cannot make the tree of dumpers " + root + ": " + mount.at() + " is mounted read-only");
    }
  }

  private static void create(Path directory) {
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      isThere(directory); // another process was quicker
    } catch (IOException e) {
      throw new RequestException(
          "cannot make directory " + directory + ": " + DumperTree.reason(e));
    }
  }

  /**
   * Whether a directory exists. One that others may change is no place for a file whose owner and
   * mode are to be relied on.
   */
  static boolean isThere(Path directory) {
    Map<String, Object> attributes;
    Object self;
    try {
      attributes =
          Files.readAttributes(directory, "unix:mode,uid,owner", LinkOption.NOFOLLOW_LINKS);
      self = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new RequestException("cannot look at " + directory + ": " + DumperTree.reason(e));
    }
    int mode = (int) attributes.get("mode");
    int uid = (int) attributes.get("uid");
    if ((mode & TYPE) != DIRECTORY) {
      throw new RequestException(
          directory + " is no directory: remove it, or use another tree of dumpers");
    }
    if ((uid != 0 && !self.equals(uid)) || (mode & OTHERS_WRITE) != 0) {
      throw new RequestException(
          directory
              + (uid != 0 && !self.equals(uid)
                  ? " belongs to " + attributes.get("owner")
                  : " may be changed by others (mode 0" + Integer.toOctalString(mode & 07777) + ")")
              + ", who could put other dumpers there: it must belong to root or to you, mode 0755");
    }
    return true;
  }

  /** Two that mount at once would cover each other's: the later waits, and finds it mounted. */
  private void mount() {
    try (MountTurn _ = MountTurn.take(calls, BPFFS.getParent())) {
      if (Mount.of(BPFFS).isBpf()) {
        return;
      }
      long result = calls.mount(Mount.BPF, BPFFS.toString(), Mount.BPF, FLAGS, "mode=0755");
      if (result < 0) {
        throw failed((int) result);
      }
    }
  }

  private static SyscallException failed(int result) {
    String remedy =
        switch (-result) {
          case Errno.EPERM, Errno.EACCES -> "; run as root, or have root mount one";
          case Errno.ENODEV -> "; this kernel has none (CONFIG_BPF_SYSCALL)";
          default -> "";
        };
    return new SyscallException(
        "cannot mount a bpffs at " + BPFFS + ": " + Errno.text(-result) + remedy, -result);
  }
}
