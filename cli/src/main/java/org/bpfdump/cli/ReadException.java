// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file that the command line names cannot be read. */
final class ReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReadException(Path path, IOException cause) {
    super("cannot read " + path + ": " + reason(path, cause), cause);
  }

  /** One of an image, which is no object. */
  static ReadException ofImage(Path path) {
    return new ReadException(
        "cannot read image "
            + path
            + (Files.isDirectory(path)
                ? ": it is a directory; name a file in it"
                : Files.exists(path)
                    ? ": permission denied; make it readable to this user"
                    : ": no such file; demo is one that comes with the command"));
  }

  private ReadException(String message) {
    super(message);
  }

  private static String reason(Path path, IOException cause) {
    if (Files.isDirectory(path)) {
      return "it is a directory; name an object file in it";
    }
    return switch (cause) {
      case NoSuchFileException _ -> "no such file; give the path of a compiled BPF object";
      case AccessDeniedException _ -> "permission denied; make it readable to this user";
      case FileSystemException e when e.getReason() != null -> e.getReason();
      default -> String.valueOf(cause.getMessage());
    };
  }
}
