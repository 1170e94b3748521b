// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number that {@code LINUX_KERNEL_VERSION} stands for. Only programs ask for it: bpfdump itself
 * finds out what a kernel can do by looking.
 */
final class KernelVersion {
  private static final Path UBUNTU = Path.of("/proc/version_signature");
  private static final Path VERSION = Path.of("/proc/sys/kernel/version");

  private KernelVersion() {}

  static int running() {
    // Ubuntu and Debian keep the last part of the release at 0 and say the real one elsewhere.
    return number(System.getProperty("os.version"), read(UBUNTU), read(VERSION));
  }

  static int number(String release, String ubuntuSignature, String version) {
    Matcher ubuntu =
        Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\s*$").matcher(ubuntuSignature.strip());
    if (ubuntu.find()) {
      return number(ubuntu);
    }
    Matcher debian = Pattern.compile("Debian (\\d+)\\.(\\d+)\\.(\\d+)").matcher(version);
    if (debian.find()) {
      return number(debian);
    }
    Matcher plain = Pattern.compile("^(\\d+)\\.(\\d+)(?:\\.(\\d+))?").matcher(release);
    return plain.find() ? number(plain) : 0;
  }

  private static int number(Matcher parts) {
    int patch = parts.group(3) == null ? 0 : Integer.parseInt(parts.group(3));
    return Integer.parseInt(parts.group(1)) << 16
        | Integer.parseInt(parts.group(2)) << 8
        | Math.min(patch, 255);
  }

  private static String read(Path file) {
    try {
      return Files.isReadable(file) ? Files.readString(file) : "";
    } catch (IOException _) {
      return "";
    }
  }
}
