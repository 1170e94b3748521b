// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The number that {@code LINUX_KERNEL_VERSION} stands for. Only programs ask for it: bpfdump itself
 * finds out what a kernel can do by looking.
 */
public final class KernelVersion {
  private static final Pattern UBUNTU = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\s*$");
  private static final Pattern DEBIAN = Pattern.compile("Debian (\\d+)\\.(\\d+)\\.(\\d+)");
  private static final Pattern PLAIN = Pattern.compile("^(\\d+)\\.(\\d+)(?:\\.(\\d+))?");

  private KernelVersion() {}

  /**
   * The version, as {@code major << 16 | minor << 8 | patch}, with at most 255 for the last; 0 when
   * none of the texts has it.
   *
   * @param release as {@code uname -r} prints it
   * @param ubuntuSignature what {@code /proc/version_signature} has; empty for none
   * @param version as {@code uname -v} prints it
   */
  public static int number(String release, String ubuntuSignature, String version) {
    Matcher ubuntu = UBUNTU.matcher(ubuntuSignature.strip());
    if (ubuntu.find()) {
      return number(ubuntu);
    }
    Matcher debian = DEBIAN.matcher(version);
    if (debian.find()) {
      return number(debian);
    }
    Matcher plain = PLAIN.matcher(release);
    return plain.find() ? number(plain) : 0;
  }

  private static int number(Matcher parts) {
    return part(parts.group(1)) << 16
        | part(parts.group(2)) << 8
        | (parts.group(3) == null ? 0 : part(parts.group(3)));
  }

  /** A part of a version, of any number of digits. */
  private static int part(String digits) {
    return digits.length() > 3 ? 255 : Math.min(Integer.parseInt(digits), 255);
  }
}
