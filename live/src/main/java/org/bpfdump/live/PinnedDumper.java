// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.bpfdump.kernel.Parameter;

/**
 * A file that dumps when it is read: a link of an iterator program, pinned in a bpffs by whatever
 * tool. What was so when it was looked at.
 *
 * @param file where it is
 * @param name its path inside the tree, {@code task/file/f1}; outside the tree its whole path
 * @param target path of its target, {@code task/file}
 * @param linkId the kernel's id of the link
 * @param programId the kernel's id of the program
 * @param program what else is known of the program; empty without CAP_SYS_ADMIN
 * @param parameter what of the target it walks, with ids instead of names
 * @param mode permission bits
 * @param owner name of its owner, or the number
 * @param group name of its group, or the number
 */
public record PinnedDumper(
    Path file,
    String name,
    String target,
    int linkId,
    int programId,
    Optional<Program> program,
    Parameter parameter,
    int mode,
    String owner,
    String group) {

  /** Starts a pass over its target; as {@link DumperFile#open}. */
  public LiveDump open() {
    return new DumperFile(file).open();
  }

  /** Starts a pass as seen from other namespaces; as {@link DumperFile#openIn}. */
  public LiveDump openIn(Namespace... namespaces) {
    return new DumperFile(file).openIn(namespaces);
  }

  /**
   * What the kernel says of a program.
   *
   * @param name its name, cut to 15 characters
   * @param tag hash of its instructions, 16 hexadecimal digits
   * @param loaded when, to the second
   * @param loader user id of who loaded it
   * @param query text of the query that it was made from, on one line; empty for none
   */
  public record Program(
      String name, String tag, Instant loaded, long loader, Optional<String> query) {}
}
