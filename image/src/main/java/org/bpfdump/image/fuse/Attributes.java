// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import java.nio.ByteBuffer;

/** Writes what the kernel wants to know of nodes. */
final class Attributes {
  /** Bytes of {@code struct fuse_entry_out}, of {@code fuse_attr_out}, and of {@code fuse_attr}. */
  static final int ENTRY = 128;

  static final int ATTRIBUTES_OUT = 104;

  /** Seconds for which the kernel need not ask again about a directory: they stay as they are. */
  private static final long VALID = 3600;

  private Attributes() {}

  static void entry(ByteBuffer into, Node node) {
    into.putLong(node.id).putLong(0).putLong(valid(node)).putLong(valid(node));
    into.putInt(0).putInt(0);
    attributes(into, node);
  }

  static void out(ByteBuffer into, Node node) {
    into.putLong(valid(node)).putInt(0).putInt(0);
    attributes(into, node);
  }

  /** A file can go without being removed: when what was written to it is no dumper. */
  private static long valid(Node node) {
    return node instanceof Node.Directory ? VALID : 0;
  }

  private static void attributes(ByteBuffer into, Node node) {
    into.putLong(node.id).putLong(0).putLong(0); // no size, as files of /proc
    into.putLong(node.time).putLong(node.time).putLong(node.time);
    into.putInt(0).putInt(0).putInt(0);
    into.putInt(node.mode).putInt(node instanceof Node.Directory ? 2 : 1);
    into.putInt(node.uid).putInt(node.gid).putInt(0).putInt(4096).putInt(0);
  }
}
