// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.util.List;
import org.bpfdump.live.sys.Libc;

/**
 * The network namespaces of this machine, each once: those that processes and threads are in, and
 * those that are mounted somewhere, in whichever mount namespace. One that is only held by
 * somebody's descriptor or socket is not found.
 */
public final class NetworkNamespaces implements AutoCloseable {
  private final List<NetworkNamespace> found;
  private final List<String> outOfReach;

  NetworkNamespaces(List<NetworkNamespace> found, List<String> outOfReach) {
    this.found = List.copyOf(found);
    this.outOfReach = List.copyOf(outOfReach);
  }

  /**
   * Finds all there are now. Processes may come and go meanwhile.
   *
   * @throws org.bpfdump.error.SyscallException when there are more than this process may have files
   *     open
   */
  public static NetworkNamespaces all() {
    try (NamespaceSearch search = new NamespaceSearch(new Libc())) {
      return search.search();
    }
  }

  /**
   * Those found, this process's own among them, by the lowest id of a process in them. The name of
   * one is that of {@code ip netns}, else the id of a process or thread that is in it, else the
   * path where it is mounted. What has a {@code /} is a path, and what has only digits an id: where
   * {@code ip netns} has such a name, it is given as a path.
   */
  public List<NetworkNamespace> list() {
    return found;
  }

  /**
   * Processes and mounts, by their paths, that this process may not look at or cannot get at: there
   * may be further namespaces. Empty for root, in general.
   */
  public List<String> outOfReach() {
    return outOfReach;
  }

  @Override
  public void close() {
    for (NetworkNamespace namespace : found) {
      namespace.close();
    }
  }
}
