// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import org.bpfdump.error.MemoryFaultException;

/** A kernel's configuration, which kernels built with {@code CONFIG_IKCONFIG=y} have in them. */
public final class KernelConfig {
  /** Bytes packed and unpacked at most; a kernel's are 60 and 300 thousand. */
  private static final int MOST_PACKED = 1 << 21;

  private static final int MOST = 1 << 24;

  private final Map<String, String> options = new HashMap<>();

  /** Of the text of a {@code .config}. */
  KernelConfig(String text) {
    text.lines()
        .filter(line -> line.startsWith("CONFIG_"))
        .forEach(line -> {
          int equals = line.indexOf('=');
          if (equals > 0) {
            options.put(line.substring(0, equals), line.substring(equals + 1));
          }
        });
  }

  /** Empty when the kernel has none in it, or the image has not all of it. */
  public static Optional<KernelConfig> read(Snapshot snapshot) {
    OptionalLong start = snapshot.find(Root.KERNEL_CONFIG_DATA);
    OptionalLong end = snapshot.find(Root.KERNEL_CONFIG_DATA_END);
    if (start.isEmpty() || end.isEmpty()) {
      return Optional.empty();
    }
    long size = end.getAsLong() - start.getAsLong();
    if (size <= 0 || size > MOST_PACKED) {
      return Optional.empty();
    }
    byte[] packed = new byte[(int) size];
    try {
      snapshot.memory().read(start.getAsLong(), packed, 0, packed.length);
    } catch (MemoryFaultException e) {
      return Optional.empty();
    }
    return unpack(packed);
  }

  static Optional<KernelConfig> unpack(byte[] packed) {
    try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      byte[] text = in.readNBytes(MOST);
      return Optional.of(new KernelConfig(new String(text, StandardCharsets.UTF_8)));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * The value of an option as it is written there: {@code y}, {@code 250}, {@code "text"}.
   *
   * @param option {@code CONFIG_HZ}
   */
  public Optional<String> option(String option) {
    return Optional.ofNullable(options.get(option));
  }
}
