// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The image that rows {@code image*} are measured on, which takes a virtual machine to make, and so
 * is not made here.
 *
 * @param form {@code elf} or {@code kdump}: both sides read the same file
 * @param file the image, as the peers can read it
 * @param vmlinux of its kernel, with debug information, which the peers cannot do without
 */
record LargeImage(String form, Path file, Path vmlinux) {
  /** How to come by one. */
  static final String HOW =
      "rows image* need a large image and its kernel's debug information: scripts/make-images"
          + " --large 6.1 makes target/images/RELEASE-large; vmlinux is"
          + " usr/lib/debug/boot/vmlinux-RELEASE of Debian's package linux-image-RELEASE-dbg, to be"
          + " put beside the image as vmlinux, or to be named by BPFDUMP_VMLINUX";

  private static final String SUFFIX = "-large";

  /** The one in {@code target/images} in both forms, if there is one. */
  static List<LargeImage> find(Setting setting) throws IOException {
    Path images = setting.root().resolve("target", "images");
    if (!Files.isDirectory(images)) {
      return List.of();
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
        String name = directory.getFileName().toString();
        String release = name.substring(0, name.length() - SUFFIX.length());
        Path elf = directory.resolve("vmcore.elf");
        Path mend = setting.root().resolve("scripts", "images", "mend.py");
        return List.of(
            new LargeImage("elf", copy(elf, setting.program("large.elf"), mend), vmlinux),
            new LargeImage(
                "kdump",
                copy(
                    kdump,
                    setting.program("large.kdump"),
                    script(setting, "name_kdump.py"),
                    release),
                vmlinux));
      }
    }
    return List.of();
  }

  /** A copy with headers that the peers read, made once: QEMU's they do not. */
  private static Path copy(Path file, Path copy, Path script, String... more) throws IOException {
    if (Files.exists(copy)
        && Files.getLastModifiedTime(copy).compareTo(Files.getLastModifiedTime(file)) > 0) {
      return copy;
    }
    List<String> words = new ArrayList<>();
    words.add("/usr/bin/python3");
    words.add(script.toString());
    words.add(file.toString());
    words.add(copy.toString());
    words.addAll(List.of(more));
    Process process = new ProcessBuilder(words).inheritIO().start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("cannot copy " + file);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while copying " + file, e);
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
