// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.tukaani.xz.XZInputStream;

/**
 * The BTF of whole kernels: the running one's, and those of an old and a new one (x86-64, packed
 * beside this class), which need neither privilege nor Linux.
 */
public final class KernelBtf {
  /** Where the running kernel has its BTF; readable by everyone. */
  public static final Path VMLINUX = Path.of("/sys/kernel/btf/vmlinux");

  private static final String RUNNING = "running";

  private KernelBtf() {}

  /** What {@link #bytes} can be asked for. */
  public static List<String> names() {
    return List.of(RUNNING, "5.10", "7.3");
  }

  /** One of {@link #names()}; skips the test when that is the running kernel's and unreadable. */
  public static byte[] bytes(String name) {
    return name.equals(RUNNING) ? running() : packed(name);
  }

  /** The running kernel's BTF; skips the test where it cannot be read. */
  public static byte[] running() {
    Assumptions.assumeTrue(Files.isReadable(VMLINUX), () -> VMLINUX + " cannot be read");
    try {
      return Files.readAllBytes(VMLINUX);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] packed(String version) {
    try (InputStream in = KernelBtf.class.getResourceAsStream(version + ".btf.xz");
        InputStream plain = new XZInputStream(in)) {
      return plain.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
