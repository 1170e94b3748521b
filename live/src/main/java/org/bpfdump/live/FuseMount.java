// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.FileCalls;
import org.bpfdump.live.sys.Libc;

/**
 * A file system whose files this process makes up: the kernel's side of FUSE. Requests are read
 * from it and answers written to it, in the form of {@code include/uapi/linux/fuse.h}, by any
 * number of threads. It is gone when it is closed, or when somebody unmounts it.
 */
public final class FuseMount implements AutoCloseable {
  private static final Path DEVICE = Path.of("/dev/fuse");

  /** What its mounts are called in mountinfo; the source is after it. */
  public static final String TYPE = "fuse.bpfdump";

  private static final long FLAGS = 2 | 4; // MS_NOSUID | MS_NODEV

  private final Libc calls = new Libc();
  private final Fd device;
  private final Path at;

  private FuseMount(Fd device, Path at) {
    this.device = device;
    this.at = at;
  }

  /**
   * Mounts at a directory. The kernel checks permissions, by the modes that answers give, for all
   * users.
   *
   * @param source what mountinfo shows as the source
   * @throws RequestException when the directory is none
   * @throws SyscallException when it may not be mounted, which takes CAP_SYS_ADMIN, or the kernel
   *     has no FUSE
   */
  public static FuseMount at(Path directory, String source) {
    Path at = directory.toAbsolutePath();
    if (!Files.isDirectory(at)) {
      throw new RequestException("cannot mount at " + directory + ": it is no directory");
    }
    Libc calls = new Libc();
    long opened = calls.open(DEVICE.toString(), FileCalls.O_RDWR);
    if (opened < 0) {
      throw refused(
          "open " + DEVICE, opened, "; FUSE may be missing (modprobe fuse), or run as root");
    }
    Fd device = Fd.own(calls, (int) opened);
    String options =
        "fd="
            + device.number()
            + ",rootmode=40000,user_id=0,group_id=0,default_permissions,allow_other";
    long mounted = calls.mount(source, at.toString(), TYPE, FLAGS, options);
    if (mounted < 0) {
      device.close();
      throw refused("mount at " + directory, mounted, "; run as root");
    }
    return new FuseMount(device, at);
  }

  private static SyscallException refused(String what, long result, String remedy) {
    int errno = (int) -result;
    boolean denied = errno == Errno.EPERM || errno == Errno.EACCES || errno == Errno.ENOENT;
    return new SyscallException(
        "cannot " + what + ": " + Errno.text(errno) + (denied ? remedy : ""), errno);
  }

  /** Where this process sees mounts of this source, the latest last. */
  public static List<Path> of(String source) {
    List<Path> places = new ArrayList<>();
    for (Mount mount : Mount.all()) {
      if (mount.type().equals(TYPE) && mount.source().equals(source)) {
        places.add(mount.at());
      }
    }
    return places;
  }

  /** Where it is mounted. */
  public Path directory() {
    return at;
  }

  /**
   * Reads the next request; waits for it.
   *
   * @param into native memory of 8 KiB at least, and as much as one may write at a time
   * @return how many bytes it has; -1 when the mount is gone
   */
  public int read(MemorySegment into) {
    while (true) {
      long read = calls.read(device.number(), into, into.byteSize());
      if (read >= 0) {
        return (int) read;
      }
      switch ((int) -read) {
        // A request that was taken back before it could be read, and a signal: there will be
        // another.
        case Errno.ENOENT, Errno.EINTR, Errno.EAGAIN -> {}
        case Errno.ENODEV -> {
          return -1;
        }
        default ->
            throw new SyscallException(
                "cannot read a request of the mount at " + at + ": " + Errno.text((int) -read),
                (int) -read);
      }
    }
  }

  /** Writes an answer. One that nobody waits for any more is dropped. */
  public void write(MemorySegment answer) {
    calls.write(device.number(), answer, answer.byteSize());
  }

  /** Unmounts it; who has a file open gets no more of it. */
  @Override
  public void close() {
    calls.unmount(at.toString(), true);
    device.close();
  }
}
