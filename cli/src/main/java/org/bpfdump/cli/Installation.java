// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Puts the command where a system finds it, and takes it away again.
 *
 * <p>Two images have room: the new one is copied beside the one in use, and then the launcher, one
 * small file, is replaced. Whoever runs the old image can go on; it goes at the install after this
 * one. The manifest names a file before it is there, so that one that was killed can be mended.
 *
 * @param place where
 * @param notes takes what a person should know, a line each
 */
record Installation(Place place, Consumer<String> notes) {
  private static final List<String> IMAGES = List.of("image-1", "image-2");
  private static final String LOCK = "lock";

  /** Installs an image and returns the files that are now there. */
  List<Path> install(Path image) throws IOException {
    Path home = place.now(place.home());
    Set<Path> made = new TreeSet<>();
    addMissing(place.home(), made);
    make(place.home());
    try (FileChannel _ = lock(home)) {
      try {
        return install(image, home, made);
      } finally {
        Files.deleteIfExists(home.resolve(LOCK));
        if (!Files.exists(home.resolve(Manifest.NAME))) {
          removeDirectories(made); // refused before it began
        }
      }
    }
  }

  private List<Path> install(Path image, Path home, Set<Path> made) throws IOException {
    Manifest before = Objects.requireNonNullElseGet(Manifest.read(place), Manifest::empty);
    tellStrange(before);
    String slot = freeImage(before);
    Path copy = home.resolve(slot);
    if (image.equals(copy.toAbsolutePath())) {
      throw new InstallException("cannot install: " + image + " was replaced; run bpfdump anew");
    }
    List<InstalledFile> files = new ArrayList<>(InstalledFile.all(place, slot));
    refuseForeign(files, before);
    leaveOutWhatCannotBe(files);
    Manifest after = Manifest.empty();
    after.made().addAll(before.made());
    after.made().addAll(made);
    for (InstalledFile file : files) {
      addMissing(file.path().getParent(), after.made());
      after.add(file.path(), Manifest.hash(file.content().getBytes(StandardCharsets.UTF_8)));
    }
    Manifest meanwhile = Manifest.empty();
    meanwhile.addAll(before);
    meanwhile.addAll(after);
    write(meanwhile);
    RuntimeImage.remove(copy);
    try {
      RuntimeImage.copy(image, copy);
      Files.deleteIfExists(copy.resolve("stamp")); // a checkout's
    } catch (IOException e) {
      RuntimeImage.remove(copy);
      throw e;
    }
    for (InstalledFile file : files) {
      make(file.path().getParent());
      file.put(place);
    }
    before.files().keySet().removeAll(after.files().keySet());
    remove(before);
    write(after);
    return List.copyOf(after.files().keySet());
  }

  /** Uninstalls and returns the files that are gone; empty where nothing is installed. */
  Optional<List<Path>> uninstall() throws IOException {
    Manifest manifest = Manifest.read(place);
    if (manifest == null) {
      return Optional.empty();
    }
    tellStrange(manifest);
    Path home = place.now(place.home());
    try (FileChannel _ = lock(home)) {
      List<Path> gone = remove(manifest);
      for (String image : IMAGES) {
        RuntimeImage.remove(home.resolve(image));
      }
      Files.deleteIfExists(InstalledFile.beside(home.resolve(Manifest.NAME)));
      Files.deleteIfExists(home.resolve(LOCK));
      Files.delete(home.resolve(Manifest.NAME));
      removeDirectories(manifest.made());
      return Optional.of(gone);
    }
  }

  private void tellStrange(Manifest manifest) {
    for (String line : manifest.strange()) {
      notes.accept("passed over in the manifest, as nothing that install would put: " + line);
    }
  }

  /** The image that the installed command does not use. */
  private String freeImage(Manifest before) throws IOException {
    Path launcher = place.now(place.command());
    boolean first =
        before.files().containsKey(place.command())
            && Files.isRegularFile(launcher)
            && Files.readString(launcher, StandardCharsets.ISO_8859_1).contains(IMAGES.get(0));
    return IMAGES.get(first ? 1 : 0);
  }

  /** Nothing of others is replaced. The command can do without mount(8)'s helper. */
  private void refuseForeign(List<InstalledFile> files, Manifest before) {
    for (InstalledFile file : List.copyOf(files)) {
      Path now = place.now(file.path());
      if (Files.exists(now, LinkOption.NOFOLLOW_LINKS)
          && !before.files().containsKey(file.path())) {
        if (!Place.HELPERS.contains(file.path())) {
          throw new InstallException(
              "cannot install: " + now + " is there, and not by bpfdump install; move it away");
        }
        notes.accept(
            "left alone: " + now + " is another's; mount -t bpfdump does what that one does");
        files.remove(file);
      }
    }
  }

  /** The command can do without mount(8)'s helper; a package cannot. */
  private void leaveOutWhatCannotBe(List<InstalledFile> files) {
    for (InstalledFile file : List.copyOf(files)) {
      if (Place.HELPERS.contains(file.path())
          && !place.staged()
          && !Files.isWritable(file.path().getParent())) {
        notes.accept(
            "left out: "
                + file.path()
                + ", where this user may not write; mount -t bpfdump and fstab need it, bpfdump"
                + " itself does not");
        files.remove(file);
      }
    }
  }

  /** Adds a directory and those above it, where they are not there. */
  private void addMissing(Path directory, Set<Path> missing) {
    for (Path path = directory;
        path.getParent() != null && !Files.isDirectory(place.now(path));
        path = path.getParent()) {
      missing.add(path);
    }
  }

  private void make(Path directory) throws IOException {
    Path now = place.now(directory);
    if (!Files.isDirectory(now)) {
      if (directory.getParent() == null) {
        Files.createDirectories(now); // the packager's own
        return;
      }
      make(directory.getParent());
      Files.createDirectory(now);
      Files.setPosixFilePermissions(now, RuntimeImage.EXECUTABLE);
    }
  }

  private static FileChannel lock(Path home) throws IOException {
    FileChannel channel =
        FileChannel.open(home.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (channel.tryLock() == null) {
      channel.close();
      throw new InstallException("cannot change " + home + ": another bpfdump does; try later");
    }
    return channel;
  }

  private void write(Manifest manifest) throws IOException {
    Path file = place.home().resolve(Manifest.NAME);
    new InstalledFile(file, manifest.text(place.prefix()), false).put(place);
  }

  /** Removes the files of a manifest that are as they were put. */
  private List<Path> remove(Manifest manifest) throws IOException {
    List<Path> gone = new ArrayList<>();
    for (var entry : manifest.files().entrySet()) {
      Path file = place.now(entry.getKey());
      Files.deleteIfExists(InstalledFile.beside(file));
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        continue;
      }
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && entry.getValue().contains(Manifest.hash(Files.readAllBytes(file)))) {
        Files.delete(file);
        gone.add(entry.getKey());
      } else {
        notes.accept("left alone: " + file + " has changed since it was installed");
      }
    }
    return gone;
  }

  /** Removes directories, the deepest first, in which nothing is left. */
  private void removeDirectories(Set<Path> made) throws IOException {
    Set<Path> all = new TreeSet<>(made);
    all.add(place.home());
    for (Path directory : List.copyOf(all).reversed()) {
      try {
        Files.delete(place.now(directory));
      } catch (NoSuchFileException e) {
        // somebody was faster
      } catch (DirectoryNotEmptyException e) {
        if (directory.equals(place.home())) {
          notes.accept("left alone: " + place.now(directory) + " has files of others");
        }
      }
    }
  }
}
