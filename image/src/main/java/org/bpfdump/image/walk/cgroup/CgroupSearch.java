// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.cgroup;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.ListCursor;

/** Finds cgroups of the unified hierarchy. What is broken on the way is not found. */
final class CgroupSearch {
  /** Where the hierarchy is mounted: a path may start so. */
  private static final List<Path> MOUNTS =
      List.of(Path.of("/sys/fs/cgroup/unified"), Path.of("/sys/fs/cgroup"));

  private static final int MOST_FAULTS = 1000;

  private final VirtualMemory memory;
  private final CgroupFields fields;

  CgroupSearch(VirtualMemory memory, CgroupFields fields) {
    this.memory = memory;
    this.fields = fields;
  }

  /**
   * By number; 0 for the root.
   *
   * @throws RequestException when there is none
   */
  long byId(long id) {
    if (id == 0) {
      return fields.root();
    }
    CgroupTree tree = new CgroupTree(memory, fields, fields.root(), true);
    for (int faults = 0; faults < MOST_FAULTS; ) {
      try {
        long state = tree.next();
        if (state == 0) {
          break;
        }
        if (fields.id(state) == id && !fields.isDead(state)) {
          return state;
        }
      } catch (MemoryFaultException | BrokenException e) {
        faults++;
      }
    }
    throw new RequestException(
        "no cgroup of this image has id "
            + Long.toUnsignedString(id)
            + ": it is the inode number of a directory of the unified hierarchy (cgroup2)");
  }

  /**
   * By path, from the root of the hierarchy or from where it is usually mounted.
   *
   * @throws RequestException when there is none
   */
  long byPath(Path path) {
    Path names = path.normalize();
    for (Path mount : MOUNTS) {
      if (names.startsWith(mount)) {
        names = mount.relativize(names);
        break;
      }
    }
    long state = fields.root();
    for (Path name : names) {
      if (!name.toString().isEmpty()) {
        state = child(state, name.toString().getBytes(StandardCharsets.UTF_8));
      }
      if (state == 0) {
        throw new RequestException(
            "this image has no cgroup "
                + path
                + ": there is no "
                + name
                + "; name a directory of the unified hierarchy (cgroup2)");
      }
    }
    return state;
  }

  private long child(long parent, byte[] name) {
    ListCursor list = new ListCursor(memory);
    list.start(fields.children.at(parent));
    for (int faults = 0; faults < MOST_FAULTS; ) {
      try {
        long node = list.next();
        if (node == 0) {
          break;
        }
        long state = node - fields.sibling.offset();
        if (Arrays.equals(fields.name(state), name) && !fields.isDead(state)) {
          return state;
        }
      } catch (MemoryFaultException | BrokenException e) {
        faults++;
      }
    }
    return 0;
  }
}
