// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

/**
 * The system calls on mounts. Each returns what the kernel returns, errors negated. Flags: {@code
 * include/uapi/linux/mount.h}.
 */
public interface MountCalls {
  /**
   * mount(2).
   *
   * @param flags {@code MS_...}
   */
  long mount(String source, String at, String type, long flags, String options);

  /** open_tree(2): a descriptor of a new mount of what is at a path, which is nowhere yet. */
  long copyMount(String path);

  /**
   * mount_setattr(2) on the mount whose root is open.
   *
   * @param set {@code MOUNT_ATTR_...}
   * @param clear likewise, cleared first
   */
  long setMountAttributes(int fd, long set, long clear);

  /** move_mount(2): puts a mount that is nowhere yet over a directory, through no link. */
  long attachMount(int fd, String at);

  /**
   * umount2(2), through no link.
   *
   * @param detach whether what still uses the mount keeps it until it is done
   */
  long unmount(String at, boolean detach);
}
