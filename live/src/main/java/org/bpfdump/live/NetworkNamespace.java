// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.Syscalls;

/**
 * A network namespace of this machine, held by a descriptor: it is there until this is closed, even
 * if all that live in it end. Safe for use by several threads.
 */
public final class NetworkNamespace implements AutoCloseable {
  /** Where {@code ip netns} keeps names. */
  static final Path NAMED = Path.of("/run/netns");

  private static final Path OWN = Path.of("/proc/self/ns/net");

  private final Syscalls calls;
  private final Fd fd;
  private final String name;

  private NetworkNamespace(Syscalls calls, Fd fd, String name) {
    this.calls = calls;
    this.fd = fd;
    this.name = name;
  }

  /**
   * One that {@code ip netns} has a name for.
   *
   * @throws RequestException when it has not
   * @throws SyscallException when it cannot be opened
   */
  public static NetworkNamespace named(String name) {
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf('\0') >= 0) {
      throw new RequestException("no name of a network namespace: '" + name + "'");
    }
    Path path = NAMED.resolve(name);
    if (!Files.exists(path)) {
      throw new RequestException("no network namespace is named " + name + there());
    }
    return open(path, name);
  }

  private static String there() {
    Set<String> names = new TreeSet<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(NAMED)) {
      for (Path path : all) {
        names.add(path.getFileName().toString());
      }
    } catch (IOException | java.nio.file.DirectoryIteratorException e) {
      // the directory comes with the first name
    }
    return names.isEmpty()
        ? ": no names are in " + NAMED + "; give a process id or a path"
        : ": there is " + String.join(", ", names);
  }

  /**
   * The one that a process or thread is in.
   *
   * @param pid an id in the pid namespace of {@code /proc}
   * @throws RequestException when there is no such process
   * @throws SyscallException when it cannot be opened
   */
  public static NetworkNamespace ofProcess(int pid) {
    Path process = Path.of("/proc", Integer.toString(pid));
    if (!Files.exists(process)) {
      throw new RequestException("no process has the id " + pid);
    }
    return open(process.resolve("ns/net"), Integer.toString(pid));
  }

  /**
   * The one at a path: {@code /proc/1/ns/net}, or where such a file is mounted.
   *
   * @throws RequestException when there is none
   * @throws SyscallException when it cannot be opened
   */
  public static NetworkNamespace at(Path path) {
    return open(path, path.toString());
  }

  private static NetworkNamespace open(Path path, String name) {
    try {
      // Nothing else is opened: to open a device may be to start it.
      if (FileId.of(path).device() != FileId.of(OWN).device()) {
        throw notOne(path.toString());
      }
    } catch (AccessDeniedException e) {
      throw cannot("open", path.toString(), Errno.EACCES);
    } catch (IOException e) {
      throw new RequestException("no network namespace is at " + path + ": no such file");
    }
    Syscalls calls = new Libc();
    return of(calls, open(calls, path), name);
  }

  /** Takes ownership of a descriptor of it. */
  static NetworkNamespace of(Syscalls calls, Fd fd, String name) {
    return new NetworkNamespace(calls, fd, name);
  }

  /** A descriptor of the namespace at a path. */
  static Fd open(Syscalls calls, Path path) {
    try (Arena arena = Arena.ofConfined()) {
      long result = calls.open(arena.allocateFrom(path.toString()));
      if (result < 0) {
        throw cannot("open", path.toString(), (int) -result);
      }
      return Fd.own(calls, (int) result);
    }
  }

  private static SyscallException cannot(String what, String name, int errno) {
    String remedy =
        errno == Errno.EPERM || errno == Errno.EACCES
            ? ": run as root, or with the capability CAP_SYS_ADMIN"
            : "";
    return new SyscallException(
        "cannot " + what + " network namespace " + name + ": " + Errno.text(errno) + remedy, errno);
  }

  private static RequestException notOne(String name) {
    return new RequestException(
        name + " is no network namespace; name one, a process that is in it, or a path to it");
  }

  /**
   * What a person calls it: the name, process id or path it was asked for by. For those of {@link
   * NetworkNamespaces} see there.
   */
  public String name() {
    return name;
  }

  /**
   * Does something in the namespace, on a thread that ends with it. A thread that has been
   * elsewhere is of no use to anybody: there may be no right to go back.
   */
  <T> T inside(Supplier<T> work) {
    FutureTask<T> task =
        new FutureTask<>(() -> {
          enter();
          return work.get();
        });
    Thread thread = Thread.ofPlatform().daemon().name("netns").start(task);
    boolean interrupted = false;
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // it takes no time, and what it opens must find its owner
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (task.state() == Future.State.SUCCESS) {
      return task.resultNow();
    }
    switch (task.exceptionNow()) {
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case Throwable e -> throw new AssertionError(e); // the work throws nothing else
    }
  }

  private void enter() {
    int result = (int) calls.enterNetworkNamespace(fd.number());
    if (result == -Errno.EINVAL) {
      throw notOne(name);
    }
    if (result < 0) {
      throw cannot("enter", name, -result);
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
