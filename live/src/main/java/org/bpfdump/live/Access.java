// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import org.bpfdump.error.RequestException;

/**
 * Who may do what with a pinned dumper. Whoever may read it gets what the loader's program writes,
 * in the reader's own namespaces, and needs no capability for it.
 *
 * @param mode permission bits, of read (0444) and write (0222); write lets one take the link itself
 * @param owner whose it is; empty for the pinning process's
 * @param group whose group's it is; empty for the pinning process's
 */
public record Access(int mode, Optional<UserPrincipal> owner, Optional<GroupPrincipal> group) {
  /** The owner reads, nobody else: mode 0400. */
  public static final Access OWNER_READS = new Access(0400, Optional.empty(), Optional.empty());

  private static final int READ_AND_WRITE = 0666;

  /**
   * @throws RequestException when the mode has other bits than read and write
   */
  public Access {
    if ((mode & ~READ_AND_WRITE) != 0) {
      throw new RequestException(
          "a dumper cannot have mode 0"
              + Integer.toOctalString(mode)
              + ": it can be read and written, as in 0440");
    }
  }
}
