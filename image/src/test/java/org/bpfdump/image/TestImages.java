// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.bpfdump.image.memory.SpoiledFile;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Snapshots;
import org.bpfdump.testkit.Project;
import org.tukaani.xz.XZInputStream;

/**
 * The real images that tests read, what their guests said of themselves, and the programs that ran
 * there. Their README says more.
 */
public final class TestImages {
  private static final Path HOME = Project.root().resolve("image/src/test/resources/images");
  private static final Path UNPACKED = Project.root().resolve("image/target/images");
  private static final String OBJECT = ".bpf.o";
  private static final Map<String, Snapshot> OPEN = new ConcurrentHashMap<>();

  private TestImages() {}

  /** The kernels: what every method here takes. */
  public static List<String> kernels() {
    return List.of("6.1", "7.2");
  }

  /** An image, unpacked: not to be changed. */
  public static synchronized Path file(String kernel) {
    Path unpacked = UNPACKED.resolve(kernel + ".elf");
    Path packed = packed(kernel);
    try {
      if (!Files.exists(unpacked)
          || Files.getLastModifiedTime(unpacked).compareTo(Files.getLastModifiedTime(packed)) < 0) {
        Files.createDirectories(UNPACKED);
        // Other runs of tests may do the same at the same time.
        Path part = Files.createTempFile(UNPACKED, kernel, ".part");
        try (InputStream in = new XZInputStream(Files.newInputStream(packed))) {
          Files.copy(in, part, StandardCopyOption.REPLACE_EXISTING);
        }
        Files.move(part, unpacked, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return unpacked;
  }

  /** The same as it is committed. */
  public static Path packed(String kernel) {
    return HOME.resolve(kernel).resolve("slim.elf.xz");
  }

  /** An image that all tests share; nobody closes it. */
  public static Snapshot shared(String kernel) {
    return OPEN.computeIfAbsent(kernel, TestImages::open);
  }

  /** Without a descriptor, which would look as if the first test to ask had left it open. */
  private static Snapshot open(String kernel) {
    try {
      return Snapshots.open(SpoiledFile.mapped(file(kernel)), Optional.empty());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the guest said of itself. */
  public static GroundTruth truth(String kernel) {
    return GroundTruth.read(HOME.resolve(kernel).resolve("ground-truth.txt"));
  }

  /** The names of the programs that the guests ran, each that of its target too. */
  public static List<String> programs() {
    try (Stream<Path> files = Files.list(HOME.resolve("programs"))) {
      return files
          .map(f -> f.getFileName().toString())
          .filter(name -> name.endsWith(OBJECT))
          .map(name -> name.substring(0, name.length() - OBJECT.length()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object of one of them. */
  public static Path program(String name) {
    return HOME.resolve("programs").resolve(name + OBJECT);
  }
}
