// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.UnsupportedException;

/**
 * The configuration that the running kernel was built with, and the facts that libbpf's convention
 * names beside it ({@code LINUX_KERNEL_VERSION}, {@code LINUX_HAS_...}).
 */
final class LiveConfig implements Function<String, Optional<String>> {
  private final Btf btf;

  private Map<String, String> options;

  LiveConfig(Btf btf) {
    this.btf = btf;
  }

  @Override
  public Optional<String> apply(String name) {
    return switch (name) {
      case "LINUX_KERNEL_VERSION" -> Optional.of(Integer.toString(KernelVersion.running()));
      case "LINUX_HAS_BPF_COOKIE" -> yes(hasHelper("BPF_FUNC_get_attach_cookie"));
      case "LINUX_HAS_SYSCALL_WRAPPER" -> yes(hasSyscallWrapper());
      default ->
          name.startsWith("CONFIG_") ? Optional.ofNullable(options().get(name)) : Optional.empty();
    };
  }

  private static Optional<String> yes(boolean value) {
    return Optional.of(value ? "y" : "n");
  }

  private boolean hasHelper(String name) {
    for (BtfType.Enumerator helper :
        btf.find("bpf_func_id", BtfType.Enum.class).map(BtfType.Enum::values).orElseThrow()) {
      if (helper.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** System calls have functions named by architecture where the kernel wraps them. */
  private boolean hasSyscallWrapper() {
    for (String prefix : new String[] {"__x64_", "__arm64_", "__s390x_", "__riscv_"}) {
      if (btf.findId(prefix + "sys_bpf", BtfType.Func.class) != 0) {
        return true;
      }
    }
    return false;
  }

  private Map<String, String> options() {
    if (options == null) {
      options = read();
    }
    return options;
  }

  private static Map<String, String> read() {
    String release = System.getProperty("os.version");
    // Beside the kernel, or beside its modules: Debian puts it there from 6.19 on.
    Path[] files = {Path.of("/boot/config-" + release), Path.of("/lib/modules", release, "config")};
    Path proc = Path.of("/proc/config.gz");
    try {
      for (Path file : files) {
        if (Files.isReadable(file)) {
          try (InputStream in = Files.newInputStream(file)) {
            return parse(in);
          }
        }
      }
      if (Files.isReadable(proc)) {
        try (InputStream in = new GZIPInputStream(Files.newInputStream(proc))) {
          return parse(in);
        }
      }
    } catch (IOException e) {
      throw new UnsupportedException("cannot read this kernel's configuration: " + e);
    }
    // Nowhere to be found: weak options are zero then, and strong ones an error that names them.
    return Map.of();
  }

  private static Map<String, String> parse(InputStream in) throws IOException {
    Map<String, String> options = new HashMap<>();
    BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      int equals = line.indexOf('=');
      if (equals > 0 && line.startsWith("CONFIG_")) {
        options.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return options;
  }
}
