// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.MountCalls;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NoLeaks;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mounts of a tree in a bpffs of the test's own. */
@RequiresKernel
@NoLeaks
class TreeMountsTest {
  private static final MountOptions READ_ONLY = MountOptions.parse("ro", false);

  @TempDir private Path dir;

  private Path root;
  private Path at;
  private LiveKernel kernel;
  private DumperTree tree;
  private TreeMounts mounts;

  @BeforeEach
  void mount() throws IOException {
    Path bpffs = Files.createDirectory(dir.resolve("bpffs"));
    at = Files.createDirectory(dir.resolve("a b"));
    Exec.of("mount", "-t", "bpf", "bpf", bpffs.toString()).run().ok();
    root = bpffs.resolve("tree");
    kernel = LiveKernel.open();
    tree = DumperTree.of(kernel, root);
    mounts = TreeMounts.of(root);
  }

  @AfterEach
  void unmount() {
    kernel.close();
    for (Mount mount : Mount.all().reversed()) {
      if (mount.at().startsWith(dir)) {
        Exec.of("umount", mount.at().toString()).run().ok();
      }
    }
  }

  private void pin(String name) {
    DumperTree.Place place = tree.place(kernel.target("task"), name);
    try (LiveDumper dumper = kernel.load(Programs.letterForEach("task"))) {
      tree.pin(dumper, place, Access.OWNER_READS);
    }
  }

  /** How the kernel says that a place is mounted. */
  private static String options(Path at) {
    return Exec.of("findmnt", "-n", "-o", "VFS-OPTIONS", at.toString()).run().ok().out().strip();
  }

  private static void refused(Runnable what, String... parts) {
    assertThatThrownBy(what::run)
        .isInstanceOf(BpfdumpException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void aPathThroughAnyMountMeansTheSameDumper() throws IOException {
    mounts.mount(kernel, at, MountOptions.DEFAULTS);
    Path link = Files.createSymbolicLink(dir.resolve("link"), at);
    Path part = Files.createDirectory(dir.resolve("part"));
    Exec.of("mount", "--bind", root.getParent().toString(), part.toString()).run().ok();
    Target task = kernel.target("task");
    Path home = root.resolve("task/f");

    for (String way :
        List.of(at + "/", link + "/", part + "/tree/", at + "/task/../", root + "/")) {
      assertThat(tree.place(task, way + "task/f").file()).as(way).isEqualTo(home);
      pin(way + "task/f");
      assertThat(tree.pinned(task, way + "task/f").name()).as(way).isEqualTo("task/f");
      assertThat(tree.find(way + "task/f")).as(way).isEqualTo(home);
      refused(() -> tree.place(task, way + "bpf_map/f"), "dumpers of target task are in");
      tree.remove(way + "task/f");
      assertThat(home).as(way).doesNotExist();
    }
    for (String elsewhere : List.of(dir + "/task/f", part + "/task/f", "/task/f", at + "x/f")) {
      refused(() -> tree.place(task, elsewhere), elsewhere + " is not in the tree of dumpers");
    }
  }

  @Test
  void aDumperIsListedOnceUnderItsHomePathHoweverOftenItIsMounted() {
    mounts.mount(kernel, at, MountOptions.DEFAULTS);
    pin("f");

    assertThat(tree.list().dumpers())
        .filteredOn(found -> found.file().startsWith(dir))
        .extracting(PinnedDumper::name, PinnedDumper::file)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("task/f", root.resolve("task/f")));
  }

  @Test
  void throughAReadOnlyMountNothingIsPinnedOrRemoved() {
    mounts.mount(kernel, at, READ_ONLY);
    pin("f");
    Target task = kernel.target("task");

    refused(() -> tree.place(task, at + "/task/g"), "cannot pin task/g", "mounted read-only");
    refused(() -> tree.remove(at + "/task/f"), "cannot remove task/f", "mounted read-only");
    assertThat(Exec.of("rm", at + "/task/f").run().err()).contains("Read-only file system");
    assertThat(Exec.of("cat", at + "/task/f").run().ok().out()).matches("A+");
    assertThat(root.resolve("task/f")).exists();
  }

  @Test
  void optionsAreWhatMountMakesOfThem() throws IOException {
    tree.make();
    Path bind = Files.createDirectory(dir.resolve("bind"));
    Exec.of("mount", "--bind", root.toString(), bind.toString()).run().ok();
    for (String list :
        List.of(
            "ro,nosuid,nodev,noexec,relatime",
            "rw,nosuid,nodev,noexec,noatime",
            "ro,nosuid,noexec,dev,nodiratime,strictatime",
            "rw,nosymfollow,nosuid,nodev,noexec,relatime,diratime")) {
      Exec.of("mount", "-o", "remount,bind," + list, bind.toString()).run().ok();
      mounts.mount(kernel, at, MountOptions.parse(list, false));
      assertThat(options(at)).as(list).isEqualTo(options(bind));
      mounts.unmount(at);
    }
  }

  @Test
  void aRemountChangesWhatItNamesOnly() {
    mounts.mount(kernel, at, MountOptions.parse("noatime", false));
    mounts.mount(kernel, at, MountOptions.parse("remount,ro", false));
    assertThat(options(at)).isEqualTo("ro,nosuid,nodev,noexec,noatime");
    mounts.mount(kernel, at, MountOptions.parse("remount,rw,relatime", false));
    assertThat(options(at)).isEqualTo("rw,nosuid,nodev,noexec,relatime");
    refused(
        () -> mounts.mount(kernel, dir, MountOptions.parse("remount,ro", false)), "is no mount");
  }

  @Test
  void onAKernelWithoutMountSetattrTheOptionsAreTheSame() {
    TreeMounts old = new TreeMounts(root, new Libc(), new OlderMounts(0));
    old.mount(kernel, at, MountOptions.parse("ro,noatime,nodiratime", false));
    assertThat(options(at)).isEqualTo("ro,nosuid,nodev,noexec,noatime,nodiratime");
    old.mount(kernel, at, MountOptions.parse("remount,rw", false));
    assertThat(options(at)).isEqualTo("rw,nosuid,nodev,noexec,noatime,nodiratime");
    old.mount(kernel, at, MountOptions.parse("remount,relatime", false));
    assertThat(options(at)).isEqualTo("rw,nosuid,nodev,noexec,relatime");
    old.unmount(at);

    TreeMounts refusing = new TreeMounts(root, new Libc(), new OlderMounts(-Errno.EPERM));
    assertThatThrownBy(() -> refusing.mount(kernel, at, READ_ONLY))
        .isInstanceOf(SyscallException.class)
        .hasMessageContaining("with these options at " + at + ": EPERM");
    assertThat(Mount.at(at)).isNull();
  }

  @Test
  void whatShowsARemovedTreeIsReplaced() {
    mounts.mount(kernel, at, MountOptions.DEFAULTS);
    PurgedTree purged = mounts.purge(kernel);
    assertThat(purged.left()).isEmpty();
    assertThat(purged.shown()).containsExactly(at);
    assertThat(root).doesNotExist();

    mounts.mount(kernel, at, MountOptions.DEFAULTS);
    assertThat(Mount.all()).filteredOn(mount -> mount.at().equals(at)).hasSize(1);
    assertThat(at.resolve("task/file")).isDirectory();
  }

  @Test
  void aTreeWhoseHomeWasUnmountedIsPurgedWhereItIsStillShown() throws IOException {
    mounts.mount(kernel, at, MountOptions.DEFAULTS);
    pin("f");
    Exec.of("umount", root.getParent().toString()).run().ok();
    assertThat(Exec.of("cat", at + "/task/f").run().ok().out()).matches("A+");
    refused(() -> mounts.purge(kernel), "there is no tree of dumpers at " + root);

    PurgedTree purged = mounts.purge(kernel, at);

    assertThat(purged.left()).isEmpty();
    assertThat(purged.shown()).isEmpty();
    assertThat(Mount.at(at)).isNull();
  }

  /** The running kernel without mount_setattr(2), where changing a mount does what it is told. */
  private static final class OlderMounts implements MountCalls {
    private final Libc kernel = new Libc();
    private final int change;

    /**
     * @param change what a change of options gives instead; 0 to do it
     */
    OlderMounts(int change) {
      this.change = change;
    }

    @Override
    public long mount(String source, String at, String type, long flags, String options) {
      return change != 0 ? change : kernel.mount(source, at, type, flags, options);
    }

    @Override
    public long copyMount(String path) {
      return kernel.copyMount(path);
    }

    @Override
    public long setMountAttributes(int fd, long set, long clear) {
      return -Errno.ENOSYS;
    }

    @Override
    public long attachMount(int fd, String at) {
      return kernel.attachMount(fd, at);
    }

    @Override
    public long unmount(String at, boolean detach) {
      return kernel.unmount(at, detach);
    }
  }
}
