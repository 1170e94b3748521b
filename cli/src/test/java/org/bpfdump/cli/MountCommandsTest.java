// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/**
 * The tree of dumpers at places of a person's choice, by the command and by mount(8), in a mount
 * namespace of the test's own in which no bpffs is mounted yet.
 */
@RequiresKernel
class MountCommandsTest {
  /** Directories to mount at, and in $O the examples. */
  private static final String WORLD =
      """
      while umount /sys/fs/bpf 2>/dev/null; do :; done
      O='%s/examples'
      mount -t tmpfs -o mode=0755 tmpfs /mnt
      cd /mnt
      mkdir a b c
      echo content > file
      # Where, and how, the tree is mounted.
      mounts() { grep ' /bpfdump' /proc/self/mountinfo | cut -d ' ' -f 4-6; }
      as_nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all \
        --inh-caps=-all --ambient-caps=-all "$@"; }
      """
          .formatted(Project.root());

  /** Runs a script in which {@code b} is the command. */
  private static Exec.Result script(String script) {
    String function = "b() { " + Bpfdump.shell() + "\"$@\"; }\n";
    return Exec.of("unshare", "-m", "sh", "-c", WORLD + function + script)
        .timeout(Duration.ofSeconds(60))
        .run();
  }

  @Test
  void everyMountShowsTheSameTree() {
    Exec.Result result =
        script(
            """
            set -e
            b mount a
            b mount /mnt/../mnt/a     # once more: nothing
            b mount b -o defaults,nofail,x-systemd.automount
            mount --bind /sys/fs/bpf/bpfdump c
            mounts
            b dumper pin $O/task.bpf.o /mnt/a/task/f1
            stat -c '%d %i' a/task/f1 b/task/f1 c/task/f1 /sys/fs/bpf/bpfdump/task/f1 | uniq | wc -l
            cat b/task/f1 | head -1 | wc -l
            b dumper show dumper | grep -c f1
            b dumper pin $O/task.bpf.o /mnt/b/task/f1 --replace
            b dumper rm /mnt/b/task/f1
            ls a/task
            b umount b
            umount a c
            mounts | wc -l
            ls /sys/fs/bpf/bpfdump/task
            """);

    assertThat(result.ok().err()).isEmpty();
    assertThat(result.out())
        .isEqualTo(
            """
            /bpfdump /mnt/a rw,nosuid,nodev,noexec,relatime
            /bpfdump /mnt/b rw,nosuid,nodev,noexec,relatime
            /bpfdump /mnt/c rw,nosuid,nodev,noexec,relatime
            /sys/fs/bpf/bpfdump/task/f1
            1
            1
            1
            /sys/fs/bpf/bpfdump/task/f1
            file
            vma
            0
            file
            vma
            """);
  }

  @Test
  void itHelpsMount8() {
    Exec.Result result =
        script(
            """
            sbin=$(readlink -f /sbin)
            mount -t tmpfs -o mode=0755 sbin $sbin
            { echo '#!/bin/sh'; echo shift; echo "exec %s mount \\"\\$@\\""; } > $sbin/mount.bpfdump
            chmod 755 $sbin/mount.bpfdump
            mount -f -n -t bpfdump bpfdump /mnt/a; echo $?
            mount -t bpfdump -o bogus bpfdump /mnt/a; echo $?
            mount -t bpfdump bpfdump /mnt/none; echo $?
            stat -f -c %%T /sys/fs/bpf
            mount -t bpfdump bpfdump /mnt/a; echo $?
            echo 'bpfdump /mnt/b bpfdump defaults,ro,nofail,_netdev 0 0' > fstab
            mount -a -T fstab; echo $?
            mount -a -T fstab; echo $?
            mount -s -t bpfdump -o bogus,noatime bpfdump /mnt/c; echo $?
            mounts
            mount -T fstab -o remount,rw /mnt/b; echo $?
            mount -t bpfdump -o remount,ro bpfdump /mnt/c; echo $?
            mounts
            umount /mnt/a /mnt/b /mnt/c; echo $?
            mounts
            """
                .formatted(Bpfdump.shell()));

    assertThat(result.out())
        .isEqualTo(
            """
            0
            1
            1
            sysfs
            0
            0
            0
            0
            /bpfdump /mnt/a rw,nosuid,nodev,noexec,relatime
            /bpfdump /mnt/b ro,nosuid,nodev,noexec,relatime
            /bpfdump /mnt/c rw,nosuid,nodev,noexec,noatime
            0
            0
            /bpfdump /mnt/a rw,nosuid,nodev,noexec,relatime
            /bpfdump /mnt/b rw,nosuid,nodev,noexec,relatime
            /bpfdump /mnt/c ro,nosuid,nodev,noexec,noatime
            0
            """);
    assertThat(result.err())
        .isEqualTo(
            """
            bpfdump: unknown mount option bogus: leave it out, or pass over such ones (-s)
            bpfdump: cannot mount the tree of dumpers at /mnt/none: there is no such directory; make it (mkdir)
            """);
  }

  @Test
  void whoMayNotReachTheHomeReadsThroughTheMount() {
    Exec.Result result =
        script(
            """
            mount -t bpf -o mode=0700 bpf /sys/fs/bpf
            b mount a -o ro
            b dumper pin $O/task.bpf.o all --mode 0444
            b dumper pin $O/task.bpf.o own
            as_nobody ls a/task
            as_nobody cat a/task/all | head -1 | wc -l
            as_nobody cat a/task/own
            as_nobody cat /sys/fs/bpf/bpfdump/task/all
            rm a/task/all
            bpftool iter pin $O/task.bpf.o a/task/more 2>/dev/null || echo not pinned
            """);

    assertThat(result.out().lines().skip(2))
        .containsExactly("all", "file", "own", "vma", "1", "not pinned");
    assertThat(result.err())
        .isEqualTo(
            """
            cat: a/task/own: Permission denied
            cat: /sys/fs/bpf/bpfdump/task/all: Permission denied
            rm: cannot remove 'a/task/all': Read-only file system
            """);
  }

  @Test
  void whatIsWrongIsOneLineAndChangesNothing() {
    Exec.Result result =
        script(
            """
            b mount none
            b mount file
            b mount /sys/fs/bpf
            b mount a -o ro,mode=0700
            b umount --purge
            stat -f -c %T /sys/fs/bpf
            b mount a
            cp /proc/self/mountinfo before
            b mount /
            b mount a/task
            b mount /sys/fs/bpf/bpfdump/task/file
            b mount a -o ro
            b umount b
            b umount none
            b umount file
            b umount /mnt
            b umount /sys/fs/bpf
            b umount --purge /sys/fs/bpf/bpfdump
            b umount a/task
            exec 3< a; b umount a; exec 3<&-
            mount -o remount,bind,ro /sys/fs/bpf
            b mount b
            b umount --purge a
            mount -o remount,bind,rw /sys/fs/bpf
            diff before /proc/self/mountinfo && echo unchanged
            """);

    assertThat(result.out()).isEqualTo("sysfs\nunchanged\n");
    assertThat(result.err())
        .isEqualTo(
            """
            bpfdump: cannot mount the tree of dumpers at none: there is no such directory; make it (mkdir)
            bpfdump: cannot mount the tree of dumpers at file: it is no directory
            bpfdump: cannot mount the tree of dumpers at /sys/fs/bpf, which holds the tree: it would hide it; choose a directory elsewhere
            bpfdump: unknown mount option mode=0700: leave it out, or pass over such ones (-s)
            bpfdump: there is no tree of dumpers at /sys/fs/bpf/bpfdump
            bpfdump: cannot mount the tree of dumpers at /, which holds the tree: it would hide it; choose a directory elsewhere
            bpfdump: cannot mount the tree of dumpers at /mnt/a/task, which is inside the tree; choose a directory elsewhere
            bpfdump: cannot mount the tree of dumpers at /sys/fs/bpf/bpfdump/task/file, which is inside the tree; choose a directory elsewhere
            bpfdump: /mnt/a shows the tree of dumpers already, but read-write: change that (-o remount,ro or remount,rw), or unmount it first
            bpfdump: /mnt/b is no mount: it is a directory of the tmpfs mounted at /mnt
            bpfdump: cannot unmount none: there is no such directory
            bpfdump: cannot unmount file: it is no directory
            bpfdump: /mnt is not a mount of the tree of dumpers: it shows / of a tmpfs; use umount(8)
            bpfdump: /sys/fs/bpf is not a mount of the tree of dumpers: it shows / of a bpf; use umount(8)
            bpfdump: /sys/fs/bpf/bpfdump is where the tree of dumpers lives, not a mount of it; --purge removes it
            bpfdump: /mnt/a/task is no mount: it is a directory of the bpf mounted at /mnt/a
            bpfdump: cannot unmount /mnt/a: EBUSY (busy); a process uses it (fuser -vm)
            bpfdump: cannot mount the tree of dumpers at /mnt/b: /sys/fs/bpf is mounted read-only; ask for that (-o ro), or remount it read-write
            bpfdump: cannot remove the tree of dumpers: /sys/fs/bpf is mounted read-only; remount it read-write
            """);
  }

  @Test
  void withoutPrivilegeOrFileSystemsItSaysWhatIsMissing() {
    Exec.Result result =
        script(
            """
            n() { setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all,+dac_read_search \
              --ambient-caps=-all,+dac_read_search %s "$@"; }
            n mount a
            b mount a
            b dumper pin $O/task.bpf.o f >/dev/null
            cp /proc/self/mountinfo before
            n mount b
            n umount a
            n umount --purge a 2>purge; echo $?
            grep -e 'task/f:' -e 'unmount' purge >&2
            diff before /proc/self/mountinfo && ls a/task/f
            umount a /sys/fs/bpf
            umount -R -l /sys
            b mount a
            ls /sys
            """
                .formatted(Bpfdump.shell()));

    assertThat(result.out()).isEqualTo("1\na/task/f\n");
    assertThat(result.err().lines())
        .satisfiesExactly(
            mount -> assertThat(mount).contains("cannot mount a bpffs", "EPERM", "run as root"),
            again -> assertThat(again).contains("cannot mount the tree", "/mnt/b: EPERM", "root"),
            umount -> assertThat(umount).contains("cannot unmount /mnt/a: EPERM", "run as root"),
            purge -> assertThat(purge).contains("cannot remove /sys/fs/bpf/bpfdump/task/f: "),
            detach -> assertThat(detach).contains("cannot unmount /mnt/a: EPERM", "run as root"),
            bare -> assertThat(bare).contains("/sys/kernel/btf/vmlinux"));
  }

  @Test
  void aPurgeRemovesTheTreeAndNothingElse() {
    Exec.Result result =
        script(
            """
            b mount a; b mount b
            b dumper pin $O/task.bpf.o f1 >/dev/null
            b dumper pin $O/task_file.bpf.o f2 >/dev/null
            cd /sys/fs/bpf/bpfdump
            bpftool iter pin $O/task.bpf.o tcp/by_bpftool
            bpftool map create task/vma/map type hash key 4 value 4 entries 1 name m
            mkdir theirs; bpftool iter pin $O/task.bpf.o theirs/x; chown nobody theirs
            ln -s /mnt/file netlink/link
            mkdir elsewhere; mount --bind elsewhere unix
            cd /mnt
            exec 3< a/task/f1
            b umount --purge a; echo $?
            wc -l <&3 | grep -c '^[1-9]'
            exec 3<&-
            find /sys/fs/bpf/bpfdump | sort
            cat file; mounts
            umount /sys/fs/bpf/bpfdump/unix
            cd /sys/fs/bpf/bpfdump; rm task/vma/map netlink/link theirs/x; rmdir theirs unix; cd /mnt
            b umount --purge; echo $?
            ls /sys/fs/bpf | grep -v debug; stat -f -c %T /sys/fs/bpf; mounts
            bpftool link show -j | grep -c by_bpftool
            b mount b; mounts
            b umount --purge b; echo $?
            """);

    assertThat(result.out())
        .isEqualTo(
            """
            1
            1
            /sys/fs/bpf/bpfdump
            /sys/fs/bpf/bpfdump/netlink
            /sys/fs/bpf/bpfdump/netlink/link
            /sys/fs/bpf/bpfdump/task
            /sys/fs/bpf/bpfdump/task/vma
            /sys/fs/bpf/bpfdump/task/vma/map
            /sys/fs/bpf/bpfdump/theirs
            /sys/fs/bpf/bpfdump/theirs/x
            /sys/fs/bpf/bpfdump/unix
            content
            /bpfdump /mnt/b rw,nosuid,nodev,noexec,relatime
            /bpfdump/elsewhere//deleted /sys/fs/bpf/bpfdump/unix rw,nosuid,nodev,noexec,relatime
            0
            bpf_fs
            /bpfdump//deleted /mnt/b rw,nosuid,nodev,noexec,relatime
            0
            /bpfdump /mnt/b rw,nosuid,nodev,noexec,relatime
            0
            """);
    assertThat(result.err().lines())
        .containsExactlyInAnyOrder(
            "bpfdump: cannot remove /sys/fs/bpf/bpfdump/task/vma/map: it is no dumper",
            "bpfdump: cannot remove /sys/fs/bpf/bpfdump/netlink/link: it is no dumper",
            "bpfdump: cannot remove /sys/fs/bpf/bpfdump/unix: something is mounted there",
            "bpfdump: not removed: /sys/fs/bpf/bpfdump/theirs belongs to nobody, who could put other"
                + " dumpers there: it must belong to root or to you, mode 0755",
            "bpfdump: /mnt/b shows nothing any more: unmount it (umount)");
  }

  @Test
  void severalThatMountAtOnceMountOnce() {
    Exec.Result result =
        script(
            """
            for i in 1 2 3; do
              b mount a & b mount a & b mount a
              wait
              mounts
              umount a /sys/fs/bpf
            done
            """);

    assertThat(result.ok().err()).isEmpty();
    assertThat(result.out())
        .isEqualTo("/bpfdump /mnt/a rw,nosuid,nodev,noexec,relatime\n".repeat(3));
  }

  @Test
  void whereMountsAreSharedTheOthersGetTheOptionsToo() {
    Exec.Result result =
        script(
            """
            mount --make-shared /mnt
            unshare -m --propagation unchanged sleep 60 &
            while ! [ /proc/$!/ns/mnt -nt / ] || [ /proc/$!/ns/mnt -ef /proc/self/ns/mnt ]; do :; done
            b mount a -o ro
            grep ' /mnt/a ' /proc/$!/mountinfo | cut -d ' ' -f 4-6
            umount a
            grep -c ' /mnt/a ' /proc/$!/mountinfo
            kill $!
            """);

    assertThat(result.out()).isEqualTo("/bpfdump /mnt/a ro,nosuid,nodev,noexec,relatime\n0\n");
  }
}
