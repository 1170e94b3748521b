// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Syscalls;

/** Finds network namespaces. What it opened is closed with it, unless the search succeeded. */
final class NamespaceSearch implements AutoCloseable {
  private static final Path PROC = Path.of("/proc");

  /** No inode. */
  private static final long ANY = -1;

  /** A namespace, by a descriptor, and what to call it while nothing better is known. */
  private record Found(Fd fd, String name) {}

  private final Syscalls calls;
  private final Map<FileId, Found> found = new LinkedHashMap<>();
  private final List<String> outOfReach = new ArrayList<>();

  /** Those of what was found, all of one device. */
  private final Set<Long> inodes = new HashSet<>();

  /** Mount namespaces, by a process or thread that is in it. */
  private final Map<FileId, Path> mountNamespaces = new LinkedHashMap<>();

  /**
   * What {@code net/dev} is of each namespace with tasks: the same for all tasks of one, and of no
   * other. It is seen of tasks too whose namespaces may not be opened.
   */
  private final Set<FileId> devices = new HashSet<>();

  /** Tasks whose namespaces may not be opened. */
  private final Set<Path> closed = new LinkedHashSet<>();

  NamespaceSearch(Syscalls calls) {
    this.calls = calls;
  }

  NetworkNamespaces search() {
    for (int pid : numbers(PROC)) {
      Path tasks = PROC.resolve(pid + "/task");
      for (int tid : numbers(tasks)) {
        searchTask(tasks.resolve(Integer.toString(tid)), tid);
      }
    }
    searchMounts();
    searchClosed();
    Map<FileId, String> names = names();
    List<NetworkNamespace> namespaces = new ArrayList<>();
    for (Map.Entry<FileId, Found> one : found.entrySet()) {
      String name = names.getOrDefault(one.getKey(), one.getValue().name());
      namespaces.add(NetworkNamespace.of(calls, one.getValue().fd(), name));
    }
    NetworkNamespaces all = new NetworkNamespaces(namespaces, outOfReach);
    found.clear();
    return all;
  }

  /** The entries of a directory whose names are numbers, in order. */
  private Set<Integer> numbers(Path directory) {
    Set<Integer> numbers = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory, "[0-9]*")) {
      for (Path entry : entries) {
        numbers.add(Integer.valueOf(entry.getFileName().toString()));
      }
    } catch (IOException | DirectoryIteratorException e) {
      if (Files.exists(directory)) { // else the process has ended
        outOfReach.add(directory.toString());
      }
    }
    return numbers;
  }

  private void searchTask(Path task, int tid) {
    try {
      if (add(task.resolve("ns/net"), ANY, Integer.toString(tid))) {
        devices.add(devices(task));
      }
      mountNamespaces.putIfAbsent(FileId.of(task.resolve("ns/mnt")), task);
    } catch (NoSuchFileException e) {
      // it has ended
    } catch (IOException e) {
      closed.add(task); // or it has ended, of which the kernel says the same
    }
  }

  private static FileId devices(Path task) throws IOException {
    return FileId.of(task.resolve("net/dev"));
  }

  /** Of tasks that may not be looked at, those do not matter that are where others are. */
  private void searchClosed() {
    for (Path task : closed) {
      try {
        if (!devices.contains(devices(task))) {
          outOfReach.add(task.toString());
        }
      } catch (IOException e) {
        if (Files.exists(task)) {
          outOfReach.add(task.toString());
        }
      }
      searchMounts(task, task + "/root");
    }
  }

  /**
   * Adds the namespace at a path unless it is known already; says whether it did.
   *
   * @param inode which it must be, since a path may lead to something else by now
   */
  private boolean add(Path path, long inode, String name) throws IOException {
    FileId now = FileId.of(path);
    if (found.containsKey(now) || (inode != ANY && now.inode() != inode)) {
      return false;
    }
    Fd fd;
    try {
      fd = NamespaceKind.NETWORK.open(calls, path);
    } catch (SyscallException e) {
      if (e.errno() == Errno.EMFILE || e.errno() == Errno.ENFILE) {
        throw e;
      }
      throw new IOException(e);
    }
    boolean added = false;
    try {
      FileId id = FileId.of(PROC.resolve("self/fd/" + fd.number()));
      added =
          (inode == ANY || id.inode() == inode)
              && found.putIfAbsent(id, new Found(fd, name)) == null;
      if (added) {
        inodes.add(id.inode());
      }
    } finally {
      if (!added) {
        fd.close();
      }
    }
    return added;
  }

  private void searchMounts() {
    Path self = PROC.resolve("self");
    searchMounts(self, "");
    try {
      mountNamespaces.remove(FileId.of(self.resolve("ns/mnt")));
    } catch (IOException e) {
      // then its mounts are found again, and known
    }
    for (Path task : mountNamespaces.values()) {
      searchMounts(task, task + "/root");
    }
  }

  private void searchMounts(Path task, String root) {
    Path mountinfo = task.resolve("mountinfo");
    Set<NamespaceMounts.Mount> missed = new HashSet<>();
    for (NamespaceMounts.Mount mount : NamespaceMounts.in(mountinfo)) {
      if (inodes.contains(mount.inode())) {
        continue; // the rule, where every container has the mounts of all
      }
      try {
        add(Path.of(root + mount.point()), mount.inode(), root + mount.point());
      } catch (IOException | InvalidPathException e) {
        // gone, or out of reach
      }
      if (!inodes.contains(mount.inode())) {
        missed.add(mount);
      }
    }
    if (!missed.isEmpty()) {
      missed.retainAll(NamespaceMounts.in(mountinfo));
      for (NamespaceMounts.Mount mount : missed) {
        outOfReach.add(root + mount.point()); // something is mounted over it
      }
    }
  }

  /** The names that {@code ip netns} has, of files that are mounted there or linked. */
  private static Map<FileId, String> names() {
    Set<Path> paths = new TreeSet<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(NetworkNamespace.NAMED)) {
      entries.forEach(paths::add);
    } catch (IOException | DirectoryIteratorException e) {
      return Map.of(); // the directory comes with the first name
    }
    Map<FileId, String> names = new HashMap<>();
    for (Path path : paths) {
      String name = path.getFileName().toString();
      try {
        names.putIfAbsent(FileId.of(path), isNumber(name) ? path.toString() : name);
      } catch (IOException e) {
        // gone, or a link to what has gone
      }
    }
    return names;
  }

  private static boolean isNumber(String name) {
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) < '0' || name.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    for (Found one : found.values()) {
      one.fd().close();
    }
  }
}
