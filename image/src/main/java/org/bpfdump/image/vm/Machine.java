// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.helper.HelperState;

/** What a program runs on: its memory, the image, its output, its budget. Of one thread. */
public interface Machine {
  /** The program's own memory. */
  ProgramMemory own();

  /** The image's memory. */
  VirtualMemory kernel();

  /** The kernel. */
  Snapshot snapshot();

  /** What its helpers keep from call to call. */
  HelperState helpers();

  /** Where {@code bpf_seq_write} writes. */
  SeqBuffer output();

  /**
   * Reads memory of either kind, as probe helpers do.
   *
   * @return 0, or -EFAULT when not all of it is there; {@code into} is zero then
   */
  int read(long address, byte[] into, int offset, int length);

  /** Writes to the program's own memory; a ProgramException when that is not its own. */
  void write(long address, byte[] from, int offset, int length);

  /**
   * Calls a function of the program, whose address a helper was given; see {@link
   * ProgramMemory#function}.
   */
  long callback(long function, long r1, long r2, long r3, long r4, long r5);

  /**
   * Has the function that called the helper go on as another program, with the context that it was
   * given in r1: for {@code bpf_tail_call}, whose result does not matter then.
   *
   * @return false when there were too many of them already: the helper fails
   */
  boolean tailCall(Engine.Prepared program);

  /**
   * What a function of the kernel throws to end the program, for {@code bpf_throw}.
   *
   * @param cookie what the program returns, or what it has a function for to make that of
   */
  RuntimeException end(long cookie);

  /**
   * Takes from the budget.
   *
   * @param instructions as many as a helper's work is worth
   * @throws org.bpfdump.error.ProgramException when it is used up
   */
  void charge(long instructions);
}
