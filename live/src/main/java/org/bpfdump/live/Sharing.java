// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.Optional;
import org.bpfdump.error.RequestException;

/** Whether a dumper is for others than this process's user, and what those may not be given. */
final class Sharing {
  private static final int OTHERS = 077;

  private Sharing() {}

  /** Whether others than this user could use a new dumper. */
  static boolean byNew(Access access) {
    return (access.mode() & OTHERS) != 0 || !access.owner().map(Sharing::isSelf).orElse(true);
  }

  /** Whether others than this user can use a pinned dumper. */
  static boolean byPinned(PinnedDumper pinned) {
    return (pinned.mode() & OTHERS) != 0
        || !self().map(self -> self.getName().equals(pinned.owner())).orElse(false);
  }

  private static boolean isSelf(UserPrincipal user) {
    return self().map(user::equals).orElse(false);
  }

  private static Optional<UserPrincipal> self() {
    try {
      return Optional.of(Files.getOwner(Path.of("/proc/self")));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The kernel runs the loader's program for every reader, and nothing that is set on a map keeps a
   * program from writing to the values that it is given to look at.
   */
  static void requireNoWrites(LiveDumper dumper, String what) {
    Optional<String> writes = dumper.valueWrites();
    if (writes.isPresent()) {
      throw new RequestException(
          "cannot "
              + what
              + ": whoever reads it may change the values of the map, also of one that is frozen ("
              + writes.get()
              + "); only read them, or say --force");
    }
  }
}
