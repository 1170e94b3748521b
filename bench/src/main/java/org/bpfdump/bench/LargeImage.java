// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The image that rows {@code image*} are measured on, which takes a virtual machine to make, and so
 * is not made here.
 *
 * @param file in the kdump format, which both sides read
 * @param vmlinux of its kernel, with debug information, which the peers cannot do without
 */
record LargeImage(Path file, Path vmlinux) {
  /** How to come by one. */
  static final String HOW =
      "rows image* need a large image and its kernel's debug information: scripts/make-images"
          + " --large 6.1 makes target/images/RELEASE-large; vmlinux is"
          + " usr/lib/debug/boot/vmlinux-RELEASE of Debian's package linux-image-RELEASE-dbg, to be"
          + " put beside the image as vmlinux, or to be named by BPFDUMP_VMLINUX";

  private static final String SUFFIX = "-large";

  /** The one in {@code target/images}, if there is one. */
  static Optional<LargeImage> find(Setting setting) throws IOException {
    Path images = setting.root().resolve("target", "images");
    if (!Files.isDirectory(images)) {
      return Optional.empty();
    }
    List<Path> found = new ArrayList<>();
    try (var directories = Files.newDirectoryStream(images, "*" + SUFFIX)) {
      directories.forEach(found::add);
    }
    found.sort(null);
    for (Path directory : found) {
      String named = System.getenv("BPFDUMP_VMLINUX");
      Path vmlinux = named == null ? directory.resolve("vmlinux") : Path.of(named);
      Path kdump = directory.resolve("vmcore.kdump");
      if (Files.isReadable(kdump) && Files.isReadable(vmlinux)) {
        return Optional.of(new LargeImage(named(setting, kdump), vmlinux));
      }
    }
    return Optional.empty();
  }

  /** A copy that says of which kernel it is, made once. */
  private static Path named(Setting setting, Path kdump) throws IOException {
    Path copy = setting.program("large.kdump");
    if (Files.exists(copy)
        && Files.getLastModifiedTime(copy).compareTo(Files.getLastModifiedTime(kdump)) > 0) {
      return copy;
    }
    String directory = kdump.getParent().getFileName().toString();
    Process process =
        new ProcessBuilder(
                "/usr/bin/python3",
                script(setting, "name_kdump.py").toString(),
                kdump.toString(),
                copy.toString(),
                directory.substring(0, directory.length() - SUFFIX.length()))
            .inheritIO()
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("cannot copy " + kdump);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while copying " + kdump, e);
    }
    return copy;
  }

  private static Path script(Setting setting, String name) {
    return setting.root().resolve("bench", "src", "main", "python").resolve(name);
  }

  /** The words of a command that has drgn do something. */
  List<String> drgn(Setting setting, String what) {
    return List.of(
        script(setting, "drgn_files.py").toString(), file.toString(), vmlinux.toString(), what);
  }
}
