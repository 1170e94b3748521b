// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Reading;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Syscalls;

/**
 * One pass over a target of the running kernel. What read(2) on an iterator means is in {@code
 * bpf_seq_read} of {@code kernel/bpf/bpf_iter.c}.
 */
public final class LiveDump implements Dump {
  private final Reading reading;
  private final Fd fd;
  private List<Fd> programHolders;

  /** Owns the descriptors; for {@code programHolders} see {@link Held}. */
  LiveDump(Syscalls calls, Fd fd, List<Fd> programHolders, String target) {
    this.fd = fd;
    this.programHolders = programHolders;
    this.reading =
        new Reading(into -> calls.read(fd.number(), into, into.byteSize()), target, Errno::text);
  }

  @Override
  public long read(MemorySegment into) {
    return reading.read(into);
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
    reading.leave("it was handed to process " + process.pid());
    close();
    return process;
  }

  @Override
  public Receipt receipt() {
    return reading.receipt();
  }

  @Override
  public void close() {
    fd.close();
    Held.closeAll(programHolders);
  }
}
