// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.kernel.KernelConfig;
import org.bpfdump.kernel.KernelVersion;

/** Where the running kernel says what it is and how it was built. */
final class LiveConfig {
  private static final Path UBUNTU = Path.of("/proc/version_signature");
  private static final Path VERSION = Path.of("/proc/sys/kernel/version");

  private Map<String, String> options;

  private LiveConfig() {}

  /** What programs may ask of it. Options are only read if one does. */
  static KernelConfig of(Btf btf) {
    return new KernelConfig(btf, LiveConfig::version, new LiveConfig()::option);
  }

  private Optional<String> option(String name) {
    if (options == null) {
      options = options();
    }
    return Optional.ofNullable(options.get(name));
  }

  static int version() {
    // Ubuntu and Debian keep the last part of the release at 0 and say the real one elsewhere.
    return KernelVersion.number(System.getProperty("os.version"), text(UBUNTU), text(VERSION));
  }

  private static String text(Path file) {
    try {
      return Files.isReadable(file) ? Files.readString(file) : "";
    } catch (IOException _) {
      return "";
    }
  }

  private static Map<String, String> options() {
    String release = System.getProperty("os.version");
    // Beside the kernel, or beside its modules: Debian puts it there from 6.19 on.
    Path[] files = {Path.of("/boot/config-" + release), Path.of("/lib/modules", release, "config")};
    Path proc = Path.of("/proc/config.gz");
    try {
      for (Path file : files) {
        if (Files.isReadable(file)) {
          try (InputStream in = Files.newInputStream(file)) {
            return KernelConfig.parse(in);
          }
        }
      }
      if (Files.isReadable(proc)) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(proc))) {
          return KernelConfig.parse(in);
        }
      }
    } catch (IOException e) {
      throw new UnsupportedException("cannot read this kernel's configuration: " + e);
    }
    // Nowhere to be found: weak options are zero then, and strong ones an error that names them.
    return Map.of();
  }
}
