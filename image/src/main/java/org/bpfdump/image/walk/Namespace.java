// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

/**
 * A namespace that an image has.
 *
 * @param address of its {@code struct net} or {@code struct pid_namespace}
 * @param inode its number, as in the target of /proc/PID/ns/pid
 */
public record Namespace(long address, long inode) {}
