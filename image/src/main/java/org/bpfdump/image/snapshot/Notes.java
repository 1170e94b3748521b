// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.ArrayList;
import java.util.List;

/** What a pass over an image found broken, and went on after. Of one thread. */
public final class Notes {
  /** Kept in words; the others are counted. */
  private static final int KEPT = 20;

  private final List<String> notes = new ArrayList<>();
  private long count;

  /**
   * Something is missing.
   *
   * @param note what, and why: {@code the files of task 12: no memory at 0x12 in this image}
   */
  public void missing(String note) {
    count++;
    if (notes.size() < KEPT) {
      notes.add(note);
    }
  }

  /** How often something was missing. */
  public long count() {
    return count;
  }

  /** The first of them. */
  public List<String> list() {
    return List.copyOf(notes);
  }
}
