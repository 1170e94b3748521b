// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.file.Path;
import java.util.List;

/**
 * What became of a tree of dumpers that was to be removed.
 *
 * @param left a message for each thing that is still there, with the reason; empty when all went
 * @param shown mounts of the tree that are still there, and show nothing any more
 */
public record PurgedTree(List<String> left, List<Path> shown) {
  public PurgedTree {
    left = List.copyOf(left);
    shown = List.copyOf(shown);
  }
}
