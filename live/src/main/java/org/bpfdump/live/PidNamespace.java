// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.file.Path;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;

/**
 * A pid namespace: those processes that see each other, under ids of their own. A pass over tasks
 * shows those of the namespace in which it was opened, and of the namespaces below it. Held by a
 * descriptor; of use as long as a process is in it. Safe for use by several threads.
 */
public final class PidNamespace implements Namespace {
  private static final NamespaceKind KIND = NamespaceKind.PID;

  private final Libc calls;
  private final Fd fd;
  private final String name;

  private PidNamespace(Libc calls, Fd fd, String name) {
    this.calls = calls;
    this.fd = fd;
    this.name = name;
  }

  /**
   * The one that a process or thread is in.
   *
   * @param pid an id in the pid namespace of {@code /proc}
   * @throws RequestException when there is no such process
   * @throws SyscallException when it cannot be opened
   */
  public static PidNamespace ofProcess(int pid) {
    return open(KIND.ofProcess(pid), Integer.toString(pid));
  }

  /**
   * The one at a path: {@code /proc/1/ns/pid}, or where such a file is mounted.
   *
   * @throws RequestException when there is none
   * @throws SyscallException when it cannot be opened
   */
  public static PidNamespace at(Path path) {
    return open(path, path.toString());
  }

  private static PidNamespace open(Path path, String name) {
    Libc calls = new Libc();
    return new PidNamespace(calls, KIND.openGiven(calls, path), name);
  }

  @Override
  public String name() {
    return name;
  }

  /** Has the children of this thread be born there; it can start no threads any more. */
  void enter() {
    int result = (int) calls.enterPidNamespace(fd.number());
    if (result == -Errno.EINVAL) {
      throw new RequestException(
          "cannot enter pid namespace "
              + name
              + ": it is neither this process's own nor one below it; run in the one above both");
    }
    if (result < 0) {
      throw KIND.cannot("enter", name, -result);
    }
  }

  RequestException empty() {
    return new RequestException(
        "cannot enter pid namespace " + name + ": it has no process any more; name another");
  }

  @Override
  public void close() {
    fd.close();
  }
}
