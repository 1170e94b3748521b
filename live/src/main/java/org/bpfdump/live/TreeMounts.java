// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.MountCalls;

/**
 * The mounts of a tree of dumpers. Each shows the same tree, as a bind mount does, and each may be
 * open to those who cannot reach the tree's home. A mount belongs to the system: it stays when the
 * process ends.
 */
public final class TreeMounts {
  private final Path root;
  private final Libc calls;
  private final MountPlaces places;
  private final MountOperations operations;

  /**
   * @param mounts what mounts; {@code calls} but in tests
   */
  TreeMounts(Path root, Libc calls, MountCalls mounts) {
    this.root = root.toAbsolutePath().normalize();
    this.calls = calls;
    this.places = new MountPlaces(this.root);
    this.operations = new MountOperations(this.root, calls, mounts);
  }

  /** Those of the tree at {@link DumperTree#ROOT}. */
  public static TreeMounts ofTree() {
    return of(DumperTree.ROOT);
  }

  /** Those of the tree at a directory. */
  public static TreeMounts of(Path root) {
    Libc calls = new Libc();
    return new TreeMounts(root, calls, calls);
  }

  /**
   * Finds out whether the tree can be shown at a directory, and changes nothing.
   *
   * @throws RequestException when there is no such directory, it lies in the tree, or the tree in
   *     it; or when it shows the tree already with other options
   */
  public void check(Path dir, MountOptions options) {
    Path at = placeFor(dir);
    if (options.remount()) {
      places.requireMount(at);
    } else {
      places.showsAlready(at, options);
    }
  }

  /**
   * Shows the tree at a directory, and makes what is missing of the tree; or changes how it is
   * shown. Where it is shown already nothing is mounted. The kernel stays the caller's.
   *
   * @throws RequestException as {@link #check} does, or when the tree cannot be made
   * @throws SyscallException when the kernel refuses to mount; then nothing is mounted
   */
  public void mount(LiveKernel kernel, Path dir, MountOptions options) {
    check(dir, options);
    Path at = placeFor(dir);
    if (options.remount()) {
      operations.change(at, options);
      return;
    }
    DumperTree.of(kernel, root).make();
    // Two that mount at once would cover each other's.
    try (MountTurn _ = MountTurn.take(calls, TreeDirectories.BPFFS.getParent())) {
      if (!places.showsAlready(at, options)) {
        Mount there = Mount.at(at);
        if (there != null && places.isDead(there)) {
          operations.detach(at, true);
        }
        operations.attach(at, options.forNew());
      }
    }
  }

  /**
   * Takes a mount of the tree away; its dumpers stay.
   *
   * @throws RequestException when the directory is no mount of the tree; it says what it is
   * @throws SyscallException when the kernel refuses, as it does while somebody uses the mount
   */
  public void unmount(Path dir) {
    operations.detach(mounted(dir), false);
  }

  /**
   * Removes every dumper of the tree, and the tree's directories, as far as they are the tree's.
   * Who has a dumper open can read it to its end. The kernel stays the caller's.
   *
   * @throws RequestException when there is no tree, or it is read-only: then nothing is removed
   */
  public PurgedTree purge(LiveKernel kernel) {
    if (!places.isThere()) {
      throw new RequestException("there is no tree of dumpers at " + root);
    }
    return remove(kernel, root);
  }

  /**
   * The same for the tree that is mounted at a directory, and then unmounts that, even while
   * somebody uses it.
   */
  public PurgedTree purge(LiveKernel kernel, Path dir) {
    Path at = mounted(dir);
    // One whose home is no more, or is another by now, can only be reached here.
    PurgedTree purged = remove(kernel, places.isThere() && places.isRoot(at) ? root : at);
    List<String> left = new ArrayList<>(purged.left());
    List<Path> shown = new ArrayList<>(purged.shown());
    shown.remove(at);
    try {
      operations.detach(at, true);
    } catch (SyscallException e) {
      left.add(e.getMessage());
    }
    return new PurgedTree(left, shown);
  }

  private static Path placeFor(Path dir) {
    return MountPlaces.directory(dir, "mount the tree of dumpers at", "; make it (mkdir)");
  }

  private Path mounted(Path dir) {
    return places.requireMount(MountPlaces.directory(dir, "unmount", "")).at();
  }

  private PurgedTree remove(LiveKernel kernel, Path tree) {
    Mount home = Mount.of(tree);
    if (home.readOnly()) {
      throw new RequestException(
          "cannot remove the tree of dumpers: "
              + home.at()
              + " is mounted read-only; remount it read-write");
    }
    List<Path> shown = new ArrayList<>();
    for (Mount mount : Mount.all()) {
      if (mount.isBpf()
          && mount.device() == home.device()
          && mount.root().equals(home.pathOf(tree))
          && !mount.at().equals(tree)) {
        shown.add(mount.at());
      }
    }
    List<String> left = new TreePurge(new Pins(kernel, root)).purge(tree);
    return new PurgedTree(left, left.isEmpty() ? shown : List.of());
  }
}
