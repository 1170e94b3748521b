// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.bpfdump.image.memory.codec.ZstdInputStream;
import org.tukaani.xz.XZInputStream;

/** What a whole file may be packed with, told by its first bytes. */
enum Packing {
  XZ("xz", "\u00FD7zXZ\0"),
  GZIP("gzip", "\u001F\u008B"),
  ZSTD("zstd", "(\u00B5/\u00FD");

  /** Enough for what xz -9 makes, in KB. */
  private static final int XZ_MEMORY = 128 << 10;

  private static final int BUFFER = 64 << 10;

  private final String command;
  private final String magic;

  Packing(String command, String magic) {
    this.command = command;
    this.magic = magic;
  }

  /** The command that unpacks it with the option -d. */
  String command() {
    return command;
  }

  /** How a file that starts so is packed; null when it is not. */
  static Packing of(byte[] start) {
    for (Packing packing : values()) {
      int same = 0;
      while (same < packing.magic.length()
          && same < start.length
          && (start[same] & 0xFF) == packing.magic.charAt(same)) {
        same++;
      }
      if (same == packing.magic.length()) {
        return packing;
      }
    }
    return null;
  }

  /** What it unpacks to; broken data is an {@link IOException} of the JDK's or of xz. */
  InputStream unpack(InputStream packed) throws IOException {
    return switch (this) {
      case XZ -> new XZInputStream(new BufferedInputStream(packed, BUFFER), XZ_MEMORY);
      case GZIP -> new GZIPInputStream(packed, BUFFER);
      case ZSTD -> new ZstdInputStream(new BufferedInputStream(packed, BUFFER));
    };
  }
}
