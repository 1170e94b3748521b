// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.Arena;
import java.util.function.Supplier;
import org.bpfdump.live.sys.Libc;

/**
 * The namespaces from which a pass is opened; null for those of this process.
 *
 * @param network which the kernel takes from the thread that opens the pass
 * @param pid which it takes from the process
 */
record Inside(NetworkNamespace network, PidNamespace pid) {
  /** Of these, of which there is at most one of each kind. */
  static Inside of(Namespace... namespaces) {
    NetworkNamespace network = null;
    PidNamespace pid = null;
    for (Namespace namespace : namespaces) {
      boolean second =
          switch (namespace) {
            case NetworkNamespace one -> {
              boolean had = network != null;
              network = one;
              yield had;
            }
            case PidNamespace one -> {
              boolean had = pid != null;
              pid = one;
              yield had;
            }
          };
      if (second) {
        throw new IllegalArgumentException("two namespaces of one kind, the second " + namespace);
      }
    }
    return new Inside(network, pid);
  }

  /** Does something in the network namespace. */
  <T> T call(Supplier<T> work) {
    if (network == null) {
      return work.get();
    }
    return OwnThread.call(
        "netns",
        () -> {
          network.enter();
          return work.get();
        });
  }

  /**
   * Opens a file for reading, from inside.
   *
   * @return a descriptor, or an error number negated
   */
  int open(Libc calls, String path) {
    if (pid == null) {
      return call(() -> {
        try (Arena arena = Arena.ofConfined()) {
          return (int) calls.open(arena.allocateFrom(path));
        }
      });
    }
    return OwnThread.call(
        "pidns",
        () -> {
          if (network != null) {
            network.enter();
          }
          pid.enter();
          return new Holder(calls, pid, path).open();
        });
  }
}
