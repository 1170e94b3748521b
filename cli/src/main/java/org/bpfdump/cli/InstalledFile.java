// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file that an installation puts among those of others.
 *
 * @param path where it will be found
 * @param content all of it
 * @param executable whether it is a command
 */
record InstalledFile(Path path, String content, boolean executable) {
  /**
   * All of them, the command last but for mount(8)'s helper: what it starts and what describes it
   * is there when it comes.
   *
   * @param image the name of the image's directory
   */
  static List<InstalledFile> all(Place place, String image) {
    Path share = place.prefix().resolve("share");
    Path man = share.resolve("man/man8");
    return List.of(
        new InstalledFile(man.resolve("bpfdump.8"), ManPage.command(), false),
        new InstalledFile(man.resolve("mount.bpfdump.8"), ManPage.mountHelper(), false),
        new InstalledFile(
            share.resolve("bash-completion/completions/bpfdump"),
            BashCompletion.of(Main.ROOT),
            false),
        new InstalledFile(
            share.resolve("zsh/site-functions/_bpfdump"), ZshCompletion.of(Main.ROOT), false),
        new InstalledFile(
            share.resolve("fish/vendor_completions.d/bpfdump.fish"),
            FishCompletion.of(Main.ROOT),
            false),
        new InstalledFile(place.command(), launcher(image), true),
        new InstalledFile(place.helper(), helper(place), true));
  }

  private static String launcher(String image) {
    return Resource.text("bpfdump.sh")
        .replace("@IMAGE@", image)
        .replace("@LAUNCH@\n", Resource.text("launch.sh").replaceFirst("^#.*\n", ""));
  }

  private static String helper(Place place) {
    String quoted = "'" + place.command().toString().replace("'", "'\\''") + "'";
    return Resource.text("mount.bpfdump.sh").replace("@COMMAND@", quoted);
  }

  /** Where a file is prepared, before it is put in its place in one step. */
  static Path beside(Path file) {
    return file.resolveSibling("." + file.getFileName() + ".new");
  }

  /** Puts it; what was there before is there until then. */
  void put(Place place) throws IOException {
    Path file = place.now(path);
    Path beside = beside(file);
    Files.deleteIfExists(beside);
    Files.writeString(beside, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    Files.setPosixFilePermissions(
        beside, executable ? RuntimeImage.EXECUTABLE : RuntimeImage.READABLE);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
