// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.bpfdump.image.ImageTree;
import org.bpfdump.kernel.Target;

/** A file or directory. Changed under the tree's lock. */
abstract sealed class Node {
  static final int S_IFDIR = 0040000;
  static final int S_IFREG = 0100000;

  final long id;

  /** Type and permissions. */
  int mode;

  int uid;
  int gid;

  /** Seconds since 1970. */
  final long time = System.currentTimeMillis() / 1000;

  /** How often the kernel was told of it and has not forgotten it. */
  long known;

  Node(long id, int mode) {
    this.id = id;
    this.mode = mode;
  }

  /** A target, or the root. */
  static final class Directory extends Node {
    /** Null for the root. */
    final Target target;

    final Directory parent;
    final TreeMap<String, Node> children = new TreeMap<>();

    Directory(long id, Target target, Directory parent) {
      super(id, S_IFDIR | 0755);
      this.target = target;
      this.parent = parent == null ? this : parent;
    }
  }

  /** A dumper, or what is to become one. */
  static final class File extends Node {
    final Directory directory;

    /** Set before it is written. */
    final List<String> options = new ArrayList<>();

    /** Null until it has been written and closed. */
    ImageTree.Made made;

    /** How many dumps of it are open: its dumper is closed with the last one. */
    int open;

    boolean removed;

    File(long id, Directory directory, int mode, int uid, int gid) {
      super(id, S_IFREG | mode);
      this.directory = directory;
      this.uid = uid;
      this.gid = gid;
    }
  }
}
