// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.image.ImageTree;
import org.bpfdump.kernel.Target;

/** The directories and files, and what can be done with them. Its lock is the object. */
public final class Tree implements AutoCloseable {
  static final long ROOT = 1;

  private final ImageTree.Maker maker;
  private final Map<Long, Node> nodes = new HashMap<>();
  private long nextId = ROOT;
  private boolean closed;

  /** A directory for each target. */
  public Tree(List<Target> targets, ImageTree.Maker maker) {
    this.maker = maker;
    Node.Directory root = new Node.Directory(nextId++, null, null);
    nodes.put(root.id, root);
    for (Target target : targets) {
      directory(root, target, targets);
    }
  }

  /** The directory of a target, made with those above it where it is not there yet. */
  private Node.Directory directory(Node.Directory root, Target target, List<Target> all) {
    int slash = target.path().lastIndexOf('/');
    Node.Directory parent = root;
    for (Target other : all) {
      if (slash > 0 && other.path().equals(target.path().substring(0, slash))) {
        parent = directory(root, other, all);
      }
    }
    String name = target.path().substring(slash + 1);
    if (parent.children.get(name) instanceof Node.Directory there) {
      return there;
    }
    Node.Directory made = new Node.Directory(nextId++, target, parent);
    parent.children.put(name, made);
    nodes.put(made.id, made);
    return made;
  }

  ImageTree.Maker maker() {
    return maker;
  }

  /** The node of this number. */
  synchronized Node node(long id) throws Refusal {
    Node node = nodes.get(id);
    if (node == null) {
      throw new Refusal(Refusal.ENOENT);
    }
    return node;
  }

  /** The directory of this number. */
  synchronized Node.Directory directory(long id) throws Refusal {
    if (node(id) instanceof Node.Directory directory) {
      return directory;
    }
    throw new Refusal(Refusal.ENOTDIR);
  }

  /** The file of this number. */
  synchronized Node.File file(long id) throws Refusal {
    if (node(id) instanceof Node.File file) {
      return file;
    }
    throw new Refusal(Refusal.EISDIR);
  }

  /** What a directory has of this name; the kernel knows it from now on. */
  synchronized Node look(long directory, String name) throws Refusal {
    Node.Directory in = directory(directory);
    Node node =
        switch (name) {
          case "." -> in;
          case ".." -> in.parent;
          default -> in.children.get(name);
        };
    if (node == null) {
      throw new Refusal(Refusal.ENOENT);
    }
    node.known++;
    return node;
  }

  /** The kernel does not know a node any more, so many times. */
  synchronized void forget(long id, long times) {
    Node node = nodes.get(id);
    if (node != null) {
      node.known = Math.max(0, node.known - Math.clamp(times, 0, node.known));
      drop(node);
    }
  }

  private void drop(Node node) {
    if (node instanceof Node.File file && file.removed && file.known <= 0 && file.open == 0) {
      nodes.remove(file.id);
    }
  }

  /** Names and nodes of a directory, with {@code .} and {@code ..}. */
  synchronized List<Map.Entry<String, Node>> list(long id) throws Refusal {
    Node.Directory directory = directory(id);
    List<Map.Entry<String, Node>> entries = new ArrayList<>();
    entries.add(Map.entry(".", directory));
    entries.add(Map.entry("..", directory.parent));
    entries.addAll(directory.children.entrySet());
    return entries;
  }

  /** A new file, which is to be written. */
  synchronized Node.File create(long id, String name, int mode, int uid, int gid) throws Refusal {
    Node.Directory directory = directory(id);
    if (directory.target == null) {
      throw new Refusal(Refusal.EPERM);
    }
    if (name.isEmpty() || name.equals(".") || name.equals("..") || name.indexOf('/') >= 0) {
      throw new Refusal(Refusal.EINVAL);
    }
    if (directory.children.containsKey(name)) {
      throw new Refusal(Refusal.EEXIST);
    }
    // Dumpers are read; that a file is written once is no permission.
    Node.File file = new Node.File(nextId++, directory, mode & 0444, uid, gid);
    file.known = 1;
    file.open = 1;
    directory.children.put(name, file);
    nodes.put(file.id, file);
    return file;
  }

  /** What was written to a new file has become a dumper; closed at once if nobody can read it. */
  synchronized void made(Node.File file, ImageTree.Made made) {
    if (closed || file.made != null || (file.removed && file.open == 0)) {
      made.dumper().close();
    } else {
      file.made = made;
    }
  }

  /** Removes a dumper's name; dumps that are open go on. */
  synchronized void remove(long id, String name) throws Refusal {
    Node.Directory directory = directory(id);
    switch (directory.children.get(name)) {
      case null -> throw new Refusal(Refusal.ENOENT);
      case Node.Directory _ -> throw new Refusal(Refusal.EISDIR);
      case Node.File file -> {
        directory.children.remove(name);
        removed(file);
      }
    }
  }

  /** Takes away a file that did not become a dumper. */
  synchronized void discard(Node.File file) {
    file.directory.children.values().remove(file);
    removed(file);
  }

  private void removed(Node.File file) {
    file.removed = true;
    end(file);
  }

  /** One more reads a dumper. Returns it; null while it is none. */
  synchronized ImageTree.Made open(Node.File file) {
    if (file.made != null) {
      file.open++;
    }
    return file.made;
  }

  /** One fewer does. */
  synchronized void close(Node.File file) {
    file.open--;
    end(file);
  }

  private void end(Node.File file) {
    if (file.removed && file.open == 0 && file.made != null) {
      file.made.dumper().close();
      file.made = null;
    }
    drop(file);
  }

  @Override
  public synchronized void close() {
    for (Node node : nodes.values()) {
      if (node instanceof Node.File file && file.made != null) {
        file.made.dumper().close();
        file.made = null;
      }
    }
    nodes.clear();
    closed = true;
  }
}
