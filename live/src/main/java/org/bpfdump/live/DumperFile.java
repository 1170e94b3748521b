// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;

/**
 * A pinned dumper as those see it who may read it: no more than that is needed. Whatever tool
 * pinned it, its passes can be read with a receipt like those of others.
 *
 * @param path where it is; a relative one is of the working directory
 */
public record DumperFile(Path path) {
  /**
   * Starts a pass over its target, which goes on when the file is removed.
   *
   * @throws RequestException when no dumper is there
   * @throws SyscallException when it may not be read
   */
  public LiveDump open() {
    return openIn();
  }

  /**
   * Starts a pass over its target as seen from other namespaces; as {@link LiveDumper#openIn}.
   *
   * @param namespaces at most one of each kind; they may be closed as soon as this returns
   */
  public LiveDump openIn(Namespace... namespaces) {
    requirePinned();
    Libc calls = new Libc();
    int result = Inside.of(namespaces).open(calls, path.toAbsolutePath().toString());
    return switch (-result) {
      case Errno.ENOENT -> throw nothing();
      case Errno.EACCES -> throw denied();
      case Errno.EIO -> throw new RequestException("no dumper is what is pinned at " + path);
      default -> {
        if (result < 0) {
          throw new SyscallException("cannot open " + path + ": " + Errno.text(-result), -result);
        }
        yield new LiveDump(calls, Fd.own(calls, result), List.of(), path.toString());
      }
    };
  }

  /** To open a file that is no dumper could do something. */
  private void requirePinned() {
    try {
      if (Files.isDirectory(path)) {
        throw new RequestException("no dumper but a directory is " + path + "; name one in it");
      }
      long device = FileId.of(path).device();
      for (Mount mount : Mount.all()) {
        if (mount.isBpf() && mount.device() == device) {
          return;
        }
      }
    } catch (AccessDeniedException e) {
      throw denied();
    } catch (IOException e) {
      throw nothing();
    }
    throw new RequestException("no dumper is " + path + ": dumpers are files in a bpffs");
  }

  private RequestException nothing() {
    return new RequestException("no dumper is pinned at " + path);
  }

  private SyscallException denied() {
    return new SyscallException(
        "cannot read dumper "
            + path
            + ": "
            + Errno.text(Errno.EACCES)
            + "; it takes read permission of the file and the right to search the directories above"
            + " it",
        Errno.EACCES);
  }
}
