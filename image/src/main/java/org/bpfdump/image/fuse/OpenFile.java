// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.bpfdump.kernel.Dump;

/** What a descriptor of somebody is to the file system. Used under its own lock. */
sealed interface OpenFile {
  /** A directory as it was when it was opened. */
  record Listing(List<Map.Entry<String, Node>> entries) implements OpenFile {
    public Listing {
      entries = List.copyOf(entries);
    }
  }

  /** A dump. */
  record Reading(Node.File file, Dump dump) implements OpenFile {}

  /** One who opened a file that is still to become a dumper, to set its attributes. */
  record Waiting() implements OpenFile {}

  /**
   * A file that is to become a dumper.
   *
   * @param content what was written so far
   */
  record Writing(Node.File file, ByteArrayOutputStream content) implements OpenFile {
    /** An object larger than that is none. */
    static final int MOST = 16 << 20;
  }
}
