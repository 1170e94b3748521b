// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.util.Optional;

/**
 * A descriptor from which a process can read a dump: that of an anonymous dumper, or of a pinned
 * one's file. What was so when it was looked at. Names are decoded as UTF-8, what is none as
 * U+FFFD.
 *
 * @param pid the process that has it, as the caller's pid namespace numbers it
 * @param tid that process's id, or that of the thread whose table of descriptors it is in, where a
 *     thread has one of its own
 * @param comm what that thread is called
 * @param fd the descriptor's number there
 * @param target path of the target, {@code task/file}
 * @param programId the kernel's id of the program that this pass runs, also where its dumper has
 *     been replaced since
 * @param programName its name, cut to 15 characters
 * @param session the kernel's number of this pass; descriptors that are copies of each other share
 *     it
 * @param passed how many objects the pass has left behind; not the last one of all
 * @param ended whether it has come to the end of its target
 * @param file what was opened; empty for an anonymous dumper
 */
public record OpenDumper(
    int pid,
    int tid,
    String comm,
    int fd,
    String target,
    int programId,
    String programName,
    long session,
    long passed,
    boolean ended,
    Optional<File> file) {

  /**
   * The pinned file that was opened.
   *
   * @param path where it is, from the root of the mount namespace it was opened in (from the root
   *     of its mount, where that has been unmounted); begins with {@code .../} where it is too deep
   *     to be told whole
   * @param removed whether the name has been removed since
   * @param linkId the kernel's id of the link in it
   */
  public record File(String path, boolean removed, int linkId) {}
}
