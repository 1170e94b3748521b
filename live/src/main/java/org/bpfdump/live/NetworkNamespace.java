// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.Syscalls;

/**
 * A network namespace of this machine, held by a descriptor: it is there until this is closed, even
 * if all that live in it end. Safe for use by several threads.
 */
public final class NetworkNamespace implements Namespace {
  /** Where {@code ip netns} keeps names. */
  static final Path NAMED = Path.of("/run/netns");

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
    return open(NamespaceKind.NETWORK.ofProcess(pid), Integer.toString(pid));
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
    Libc calls = new Libc();
    return of(calls, NamespaceKind.NETWORK.openGiven(calls, path), name);
  }

  /** Takes ownership of a descriptor of it. */
  static NetworkNamespace of(Syscalls calls, Fd fd, String name) {
    return new NetworkNamespace(calls, fd, name);
  }

  /**
   * What a person calls it: the name, process id or path it was asked for by. For those of {@link
   * NetworkNamespaces} see there.
   */
  @Override
  public String name() {
    return name;
  }

  /** Moves this thread there, which is then of no use for anything else. */
  void enter() {
    int result = (int) calls.enterNetworkNamespace(fd.number());
    if (result < 0) {
      throw NamespaceKind.NETWORK.cannot("enter", name, -result);
    }
  }

  @Override
  public void close() {
    fd.close();
  }
}
