// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

/** Hears how far something that takes its time has come. Called on the thread that does it. */
@FunctionalInterface
public interface ProgressListener {
  /** Does not listen. */
  ProgressListener NONE = (what, done, total) -> {};

  /**
   * Some more is done; called a few times a second at most.
   *
   * @param what what is done, for a person: {@code unpacking vmcore.xz}
   * @param done bytes so far
   * @param total bytes in all; negative when unknown
   */
  void progress(String what, long done, long total);
}
