// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntSupplier;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;

/**
 * The configuration that a kernel was built with, and the facts that libbpf's convention names
 * beside it ({@code LINUX_KERNEL_VERSION}, {@code LINUX_HAS_...}): what a program's extern
 * variables may ask for. For one thread.
 */
public final class KernelConfig implements Function<String, Optional<String>> {
  private final Btf btf;
  private final IntSupplier version;
  private final Function<String, Optional<String>> options;

  /**
   * @param btf the kernel's types
   * @param version gives its {@link KernelVersion}
   * @param options gives the value of an option ({@code CONFIG_HZ}) that is set
   */
  public KernelConfig(Btf btf, IntSupplier version, Function<String, Optional<String>> options) {
    this.btf = btf;
    this.version = version;
    this.options = options;
  }

  @Override
  public Optional<String> apply(String name) {
    return switch (name) {
      case "LINUX_KERNEL_VERSION" -> Optional.of(Integer.toString(version.getAsInt()));
      case "LINUX_HAS_BPF_COOKIE" -> yes(hasHelper("BPF_FUNC_get_attach_cookie"));
      case "LINUX_HAS_SYSCALL_WRAPPER" -> yes(hasSyscallWrapper());
      default -> name.startsWith("CONFIG_") ? options.apply(name) : Optional.empty();
    };
  }

  private static Optional<String> yes(boolean value) {
    return Optional.of(value ? "y" : "n");
  }

  private boolean hasHelper(String name) {
    for (BtfType.Enumerator helper :
        btf.find("bpf_func_id", BtfType.Enum.class).map(BtfType.Enum::values).orElse(List.of())) {
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

  /** The options that are set in the text of a {@code .config}. */
  public static Map<String, String> parse(InputStream in) throws IOException {
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
