// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.sys;

import java.lang.foreign.MemorySegment;

/**
 * The system calls on processes. Each returns what the kernel returns, errors negated; descriptors
 * are close-on-exec.
 */
public interface ProcessCalls {
  int SIGKILL = 9;

  int CLONE_NEWPID = 0x20000000;
  int CLONE_NEWNET = 0x40000000;

  /** ioctl(2), NS_GET_NSTYPE: the flag {@code CLONE_NEW...} of the namespace of a descriptor. */
  long namespaceKind(int fd);

  /**
   * setns(2): children that this thread makes from now on are in the pid namespace of a descriptor.
   * The thread itself stays where it is, and can start no threads any more.
   */
  long enterPidNamespace(int fd);

  /** pidfd_open(2). */
  long openProcess(int pid);

  /** pidfd_getfd(2): takes a duplicate of a descriptor of another process. */
  long takeDescriptor(int pidfd, int fd);

  /** kill(2), of a child that is not reaped yet. */
  long kill(int pid, int signal);

  /** pidfd_send_signal(2). */
  long signal(int pidfd, int signal);

  /**
   * wait4(2): waits for a child to end, and reaps it.
   *
   * @param status receives an int, as {@code waitpid} gives it
   */
  long await(int pid, MemorySegment status);

  /**
   * pipe2(2).
   *
   * @param ends receives two ints, the reading end and the writing one
   */
  long pipe(MemorySegment ends);
}
