// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.ProcessCalls;
import org.bpfdump.live.sys.Syscalls;

/** What is alike in all kinds of namespaces: how their files are found, opened and refused. */
enum NamespaceKind {
  NETWORK(
      ProcessCalls.CLONE_NEWNET,
      "network",
      "net",
      "name one, a process that is in it, or a path to it"),
  PID(ProcessCalls.CLONE_NEWPID, "pid", "pid", "give a process that is in it, or a path to it");

  /** How the kernel tells it from others. */
  private final int flag;

  /** What it is in a sentence. */
  private final String adjective;

  /** Its file's name in {@code /proc/PID/ns}. */
  private final String file;

  private final String remedy;

  NamespaceKind(int flag, String adjective, String file, String remedy) {
    this.flag = flag;
    this.adjective = adjective;
    this.file = file;
    this.remedy = remedy;
  }

  /** The path of that which a process or thread is in. */
  Path ofProcess(int pid) {
    Path process = Path.of("/proc", Integer.toString(pid));
    if (!Files.exists(process)) {
      throw new RequestException("no process has the id " + pid);
    }
    return process.resolve("ns").resolve(file);
  }

  /** Opens the one at a path that somebody gave. */
  Fd openGiven(Libc calls, Path path) {
    try {
      // Nothing else is opened: to open a device may be to start it.
      FileId own = FileId.of(Path.of("/proc/self/ns").resolve(file));
      if (FileId.of(path).device() != own.device()) {
        throw notOne(path.toString());
      }
    } catch (AccessDeniedException e) {
      throw cannot("open", path.toString(), Errno.EACCES);
    } catch (IOException e) {
      throw new RequestException("no " + adjective + " namespace is at " + path + ": no such file");
    }
    Fd fd = open(calls, path);
    if (calls.namespaceKind(fd.number()) == flag) {
      return fd;
    }
    fd.close();
    throw notOne(path.toString());
  }

  /** Opens what is at a path of {@code /proc}, or was found to be a namespace. */
  Fd open(Syscalls calls, Path path) {
    try (Arena arena = Arena.ofConfined()) {
      long result = calls.open(arena.allocateFrom(path.toString()));
      if (result < 0) {
        throw cannot("open", path.toString(), (int) -result);
      }
      return Fd.own(calls, (int) result);
    }
  }

  SyscallException cannot(String what, String name, int errno) {
    String help =
        errno == Errno.EPERM || errno == Errno.EACCES
            ? ": run as root, or with the capability CAP_SYS_ADMIN"
            : "";
    return new SyscallException(
        "cannot " + what + " " + adjective + " namespace " + name + ": " + Errno.text(errno) + help,
        errno);
  }

  private RequestException notOne(String name) {
    return new RequestException(name + " is no " + adjective + " namespace; " + remedy);
  }
}
