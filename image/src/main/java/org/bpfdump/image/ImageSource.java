// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where a kernel's image is, and what helps to read it.
 *
 * @param files of the image: one, or all of a set that one image was split into, in any order
 * @param symbols a System.map or vmlinux of the same kernel, for images that have no symbols in
 *     them
 * @param progress told while a packed file is unpacked
 * @param interpreted whether programs are run one instruction after another, not compiled: slow,
 *     and the judge of the other way
 */
public record ImageSource(
    List<Path> files, Optional<Path> symbols, Progress progress, boolean interpreted) {

  public ImageSource {
    files = List.copyOf(files);
    Objects.requireNonNull(symbols);
    Objects.requireNonNull(progress);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("no file of an image");
    }
  }

  /** The image that these files are. */
  public static ImageSource of(Path... files) {
    return new ImageSource(List.of(files), Optional.empty(), Progress.NONE, false);
  }

  /**
   * The image that comes with bpfdump: a small virtual machine with Linux 6.1, which runs a few
   * processes, sockets and maps.
   *
   * @throws org.bpfdump.error.RequestException when there is no room for it among the system's
   *     temporary files
   */
  public static ImageSource demo() {
    return of(Demo.extract());
  }

  /** The same, with the symbols of this System.map or vmlinux. */
  public ImageSource withSymbols(Path file) {
    return new ImageSource(files, Optional.of(file), progress, interpreted);
  }

  /** The same, telling how far unpacking is. */
  public ImageSource withProgress(Progress listener) {
    return new ImageSource(files, symbols, listener, interpreted);
  }

  /** The same, with programs run by the interpreter. */
  public ImageSource interpretedOnly() {
    return new ImageSource(files, symbols, progress, true);
  }

  /** Is told how far unpacking is. Called by the thread that opens the image. */
  @FunctionalInterface
  public interface Progress {
    /** Tells nobody. */
    Progress NONE = (_, _, _) -> {};

    /**
     * Unpacking has come this far.
     *
     * @param file which is unpacked
     * @param done bytes of it read so far
     * @param total bytes that it has
     */
    void unpacked(Path file, long done, long total);
  }
}
