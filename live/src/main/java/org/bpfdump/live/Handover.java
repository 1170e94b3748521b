// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.Map;
import java.util.Optional;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.FileCalls;
import org.bpfdump.live.sys.Libc;

/**
 * Gives a file that was just pinned to whom it should belong. Between pinning and this another
 * process may have removed it, and pinned its own under that name, which is none of our business:
 * so everything is done to the file through a descriptor of it, once that is known to be ours.
 */
final class Handover {
  private final Libc calls;
  private final Pins pins;
  private final Path file;
  private final int birth;

  /**
   * @param birth the mode that it was pinned with
   */
  Handover(Libc calls, Pins pins, Path file, int birth) {
    this.calls = calls;
    this.pins = pins;
    this.file = file;
    this.birth = birth;
  }

  void give(Access access, int linkId) {
    long result = calls.open(file.toString(), FileCalls.O_PATH);
    if (result < 0) {
      throw lost();
    }
    try (Fd fd = Fd.own(calls, (int) result)) {
      Path self = Path.of("/proc/self/fd/" + fd.number());
      if (!isOurs(self, linkId)) {
        throw lost();
      }
      try {
        // Owner and group first, while they may do no more than the owner will.
        PosixFileAttributeView view =
            Files.getFileAttributeView(self, PosixFileAttributeView.class);
        if (access.owner().isPresent()) {
          view.setOwner(access.owner().get());
        }
        if (access.group().isPresent()) {
          view.setGroup(access.group().get());
        }
        if (access.mode() != birth) {
          Files.setAttribute(self, "unix:mode", access.mode());
        }
      } catch (IOException e) {
        takeBack(self);
        throw new RequestException(
            "cannot give "
                + file
                + " its owner, group and mode: "
                + DumperTree.reason(e)
                + "; nothing was pinned");
      }
    }
  }

  private RequestException lost() {
    return new RequestException(
        "cannot pin " + file + ": somebody removed it at the same time; pin it anew");
  }

  private boolean isOurs(Path self, int linkId) {
    try {
      Optional<Fd> link = pins.link(self);
      if (link.isEmpty()) {
        return false;
      }
      try (Fd fd = link.get()) {
        return pins.linkId(fd) == linkId;
      }
    } catch (SyscallException e) {
      // Without CAP_DAC_OVERRIDE a link can only be got from a file that one may write. A file of
      // this user with the mode of birth is then taken for ours.
      return e.errno() == Errno.EACCES && looksOurs(self);
    }
  }

  private boolean looksOurs(Path self) {
    try {
      Map<String, Object> attributes = Files.readAttributes(self, "unix:mode,uid");
      return ((int) attributes.get("mode") & 07777) == birth
          && attributes.get("uid").equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    } catch (IOException e) {
      return false;
    }
  }

  private void takeBack(Path self) {
    try {
      Object ours = Files.getAttribute(self, "unix:ino");
      if (ours.equals(Files.getAttribute(file, "unix:ino", LinkOption.NOFOLLOW_LINKS))) {
        Files.delete(file);
      }
    } catch (IOException e) {
      // removed by somebody else
    }
  }
}
