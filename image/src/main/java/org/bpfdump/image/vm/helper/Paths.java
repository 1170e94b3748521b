// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.EFAULT;
import static org.bpfdump.image.vm.helper.Errno.ENAMETOOLONG;

import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.vm.Machine;

/**
 * {@code bpf_d_path}: the name of a file, as the first process sees it. Source: fs/d_path.c. Of one
 * thread.
 */
final class Paths {
  /** More steps from a file to the root than any path has. */
  private static final int MOST_STEPS = 1 << 16;

  private static final byte[] DELETED = " (deleted)".getBytes(StandardCharsets.US_ASCII);

  private final VirtualMemory memory;
  private final PseudoNames pseudo;
  private final Field pathMount;
  private final Field pathDentry;
  private final Field parent;
  private final Field nameLength;
  private final Field name;
  private final Field hashed;
  private final Field operations;
  private final Field ownName;
  private final Field mountRoot;
  private final Field mountParent;
  private final Field mountPoint;
  private final int inMount;
  private final long rootMount;
  private final long rootDentry;

  /** The text, at the end of it. */
  private byte[] text = new byte[4096];

  private int start;

  Paths(Snapshot snapshot, VirtualMemory memory) {
    this.memory = memory;
    Types types = snapshot.types();
    pseudo = new PseudoNames(types, memory);
    pathMount = types.field("path", "mnt");
    pathDentry = types.field("path", "dentry");
    parent = types.field("dentry", "d_parent");
    nameLength = types.field("dentry", "d_name.len");
    name = types.field("dentry", "d_name.name");
    hashed = types.field("dentry", "d_hash.pprev");
    operations = types.field("dentry", "d_op");
    ownName = types.field("dentry_operations", "d_dname");
    mountRoot = types.field("vfsmount", "mnt_root");
    mountParent = types.field("mount", "mnt_parent");
    mountPoint = types.field("mount", "mnt_mountpoint");
    inMount = types.field("mount", "mnt").offset();
    OptionalLong pids = snapshot.find(Root.INIT_PID_NS);
    long root = 0;
    if (pids.isPresent()) {
      long init = load(types.field("pid_namespace", "child_reaper").at(pids.getAsLong()));
      long fs = init == 0 ? 0 : load(types.field("task_struct", "fs").at(init));
      root = fs == 0 ? 0 : types.field("fs_struct", "root").at(fs);
    }
    rootMount = root == 0 ? 0 : load(pathMount.at(root));
    rootDentry = root == 0 ? 0 : load(pathDentry.at(root));
  }

  private long load(long address) {
    return memory.loadOrZero(address, 8);
  }

  static long path(Machine m, long path, long into, long length, long r4, long r5) {
    int size = HelperState.size(m, into, length);
    if (size == 0) {
      return 0;
    }
    Paths paths = m.helpers().paths(m);
    int error = paths.find(path, size);
    if (error != 0) {
      return error;
    }
    int count = size - paths.start;
    m.write(into, paths.text, paths.start, count);
    return count;
  }

  /** Leaves the text, ended by a NUL, in the first {@code size} bytes, from {@link #start} on. */
  private int find(long path, int size) {
    if (text.length < size) {
      text = new byte[size];
    }
    start = size - 1;
    text[start] = 0;
    try {
      long mount = memory.u64(pathMount.at(path));
      long dentry = memory.u64(pathDentry.at(path));
      long above = memory.u64(parent.at(dentry));
      long own = operations.get(memory, dentry);
      if (own != 0
          && load(ownName.at(own)) != 0
          && (above != dentry || dentry != memory.u64(mountRoot.at(mount)))) {
        return put(pseudo.name(dentry)) ? 0 : -ENAMETOOLONG;
      }
      if (above != dentry && memory.u64(hashed.at(dentry)) == 0 && !put(DELETED)) {
        return -ENAMETOOLONG;
      }
      return walk(dentry, mount - inMount);
    } catch (MemoryFaultException e) {
      return -EFAULT;
    }
  }

  private int walk(long from, long fromMount) {
    int end = start;
    long dentry = from;
    long mount = fromMount;
    for (int i = 0; dentry != rootDentry || mount + inMount != rootMount; i++) {
      if (i == MOST_STEPS) {
        return -EFAULT;
      }
      long above = memory.u64(parent.at(dentry));
      if (dentry == memory.u64(mountRoot.at(mount + inMount))) {
        long outer = memory.u64(mountParent.at(mount));
        if (outer == mount) {
          break; // the root of all, or a mount that is nowhere
        }
        dentry = memory.u64(mountPoint.at(mount));
        mount = outer;
        continue;
      }
      if (dentry == above) {
        start = end; // moved out of what is mounted
        break;
      }
      int length = (int) nameLength.get(memory, dentry);
      if (length < 0 || length >= start) {
        return -ENAMETOOLONG;
      }
      start -= length;
      memory.read(name.get(memory, dentry), text, start, length);
      text[--start] = '/';
      dentry = above;
    }
    if (start == end) {
      if (start == 0) {
        return -ENAMETOOLONG;
      }
      text[--start] = '/';
    }
    return 0;
  }

  private boolean put(byte[] before) {
    if (before.length > start) {
      return false;
    }
    start -= before.length;
    System.arraycopy(before, 0, text, start, before.length);
    return true;
  }
}
