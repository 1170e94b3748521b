// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.IncompleteException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Syscalls;

/**
 * One pass over a target of the running kernel. What read(2) on an iterator means is in {@code
 * bpf_seq_read} of {@code kernel/bpf/bpf_iter.c}.
 */
public final class LiveDump implements Dump {
  /**
   * How often in a row the kernel may say "ask again" without giving anything. It says so after a
   * million objects that the program was silent about, and whenever the program returned 1 for the
   * first object of a read: that many times in a row is a program that will never accept it.
   */
  private static final int MAX_RETRIES = 10_000;

  private final Syscalls calls;
  private final Fd fd;
  private List<Fd> programHolders;
  private final String target;

  private long bytes;
  private long reads;
  private long retries;
  private boolean ended;
  private String missing = "it was not read to its end";
  private BpfdumpException failure;

  /** Owns the descriptors; for {@code programHolders} see {@link Held}. */
  LiveDump(Syscalls calls, Fd fd, List<Fd> programHolders, String target) {
    this.calls = calls;
    this.fd = fd;
    this.programHolders = programHolders;
    this.target = target;
  }

  @Override
  public long read(MemorySegment into) {
    if (into.byteSize() == 0) {
      throw new IllegalArgumentException("cannot read into no memory");
    }
    if (failure != null) {
      throw failure;
    }
    int again = 0;
    while (!ended) {
      long n = calls.read(fd.number(), into, into.byteSize());
      reads++;
      if (n > 0) {
        bytes += n;
        return n;
      }
      if (n == 0) {
        // The kernel would start over for objects that came meanwhile: the first end is the end.
        ended = true;
        missing = null;
      } else if (n == -Errno.EAGAIN && ++again < MAX_RETRIES) {
        retries++;
      } else if (n != -Errno.EINTR) {
        fail((int) -n);
      }
    }
    return 0;
  }

  private void fail(int errno) {
    missing =
        switch (errno) {
          case Errno.E2BIG ->
              "what the program writes for one object of "
                  + target
                  + " is more than the kernel's buffer holds (32767 bytes, E2BIG); write less";
          case Errno.EOPNOTSUPP ->
              "what the program writes for all of "
                  + target
                  + " is more than one buffer of the kernel (32 KiB), and this target can be read"
                  + " only once (EOPNOTSUPP); write less, or narrow it by a parameter";
          case Errno.EAGAIN ->
              "the program returned 1 for the same object of "
                  + target
                  + " "
                  + MAX_RETRIES
                  + " times (EAGAIN), as some do when what they write does not fit the kernel's buffer"
                  + " (32767 bytes); write less, or return 0 to go on";
          default -> "reading " + target + " failed with " + Errno.text(errno);
        };
    failure =
        switch (errno) {
          case Errno.E2BIG, Errno.EOPNOTSUPP, Errno.EAGAIN ->
              new IncompleteException("the dump is not complete: " + missing);
          default -> new SyscallException("the dump is not complete: " + missing, errno);
        };
    throw failure;
  }

  /** The descriptor of this pass, which stays its own. */
  public int descriptor() {
    return fd.number();
  }

  /**
   * Hands the pass over to a program, which is started with it as its standard input. The program
   * has this process's environment, working directory, standard output and error, and no other
   * descriptor. What was not read before is the program's; this dump is closed, and its receipt
   * stays incomplete. To many programs EAGAIN is the end: see {@link #read}.
   *
   * @param command the program, searched in PATH, and its arguments
   * @return the program, for the caller to close, which ends it
   * @throws org.bpfdump.error.RequestException when there is no such program; this and any other
   *     failure leave the dump as it is
   */
  public DumpProcess handTo(String... command) {
    if (command.length == 0) {
      throw new IllegalArgumentException("no program to hand a dump to");
    }
    DumpProcess process = DumpProcess.start(List.of(command), fd, programHolders);
    programHolders = List.of();
    if (!ended) {
      missing = "it was handed to process " + process.pid();
    }
    close();
    return process;
  }

  @Override
  public Receipt receipt() {
    return new Receipt(bytes, reads, retries, Optional.ofNullable(missing));
  }

  @Override
  public void close() {
    fd.close();
    Held.closeAll(programHolders);
  }
}
