// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

/**
 * A namespace that an image has.
 *
 * @param kind which
 * @param inode its number, as the target of /proc/PID/ns/net had it
 * @param address of its {@code struct net} or {@code struct pid_namespace}
 * @param initial whether it is the one that the machine started with
 */
public record ImageNamespace(Kind kind, long inode, long address, boolean initial) {
  /** What a target may belong to. */
  public enum Kind {
    /** Sockets and routes. */
    NETWORK,
    /** Tasks. */
    PID
  }
}
