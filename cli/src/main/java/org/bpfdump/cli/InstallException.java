// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.io.Serial;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;

/** The command cannot be installed or uninstalled. */
final class InstallException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  InstallException(String message) {
    super(message);
  }

  /**
   * @param what was to be done
   * @param cause why it was not
   */
  InstallException(String what, IOException cause) {
    super(what + ": " + reason(cause), cause);
  }

  static String reason(IOException cause) {
    return switch (cause) {
      case AccessDeniedException denied ->
          denied.getFile() + ": permission denied; run it as root, or name another prefix";
      case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
      default -> String.valueOf(cause.getMessage());
    };
  }
}
