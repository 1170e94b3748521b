// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.file.Path;
import java.util.List;

/**
 * What is pinned, as far as this process may know.
 *
 * @param dumpers the pinned iterators
 * @param refused files and directories that this process may not ask about: there may be others
 */
public record PinnedDumpers(List<PinnedDumper> dumpers, List<Path> refused) {
  public PinnedDumpers {
    dumpers = List.copyOf(dumpers);
    refused = List.copyOf(refused);
  }
}
