// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/** The Java run-time image that this command is part of, with its ahead-of-time cache. */
final class RuntimeImage {
  static final Set<PosixFilePermission> EXECUTABLE = PosixFilePermissions.fromString("rwxr-xr-x");
  static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");

  private RuntimeImage() {}

  /** The directory of the one that runs; empty when it is a JDK that runs us. */
  static Optional<Path> directory() {
    return ModuleLayer.boot()
        .configuration()
        .findModule("org.bpfdump.cli")
        .map(ResolvedModule::reference)
        .flatMap(ModuleReference::location)
        .filter(location -> location.getScheme().equals("jrt"))
        .map(_ -> Path.of(System.getProperty("java.home")));
  }

  /** Copies an image; everybody may read it, whatever the umask. */
  static void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
              throws IOException {
            Path copy = to.resolve(from.relativize(directory));
            Files.createDirectory(copy);
            Files.setPosixFilePermissions(copy, EXECUTABLE);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path copy = to.resolve(from.relativize(file));
            Files.copy(file, copy, LinkOption.NOFOLLOW_LINKS);
            if (attributes.isRegularFile()) {
              Files.setPosixFilePermissions(copy, Files.isExecutable(file) ? EXECUTABLE : READABLE);
              Files.setLastModifiedTime(copy, attributes.lastModifiedTime()); // for the cache
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Removes an image, or what there is of one. */
  static void remove(Path image) throws IOException {
    try {
      Files.walkFileTree(
          image,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.delete(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, IOException e)
                throws IOException {
              if (e != null) {
                throw e;
              }
              Files.delete(directory);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (NoSuchFileException e) {
      // there is none
    }
  }
}
