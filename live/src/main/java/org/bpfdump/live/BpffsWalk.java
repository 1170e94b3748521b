// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bpfdump.error.SyscallException;

/** Looks through every bpffs for pinned dumpers, each once, however often its file is mounted. */
final class BpffsWalk extends SimpleFileVisitor<Path> {
  private final Pins pins;
  private final Path root;
  private final Set<Object> seen = new HashSet<>(); // fileKey: device and inode
  private final List<PinnedDumper> dumpers = new ArrayList<>();
  private final List<Path> refused = new ArrayList<>();
  private long device;

  BpffsWalk(Pins pins, Path root) {
    this.pins = pins;
    this.root = root;
  }

  PinnedDumpers all() {
    List<Mount> mounts = Mount.all();
    walk(root, Mount.of(root));
    for (Mount mount : mounts) {
      walk(mount.at(), mount);
    }
    List<PinnedDumper> inside = new ArrayList<>();
    List<PinnedDumper> outside = new ArrayList<>();
    for (PinnedDumper dumper : dumpers) {
      (dumper.file().startsWith(root) ? inside : outside).add(dumper);
    }
    inside.sort((a, b) -> a.file().compareTo(b.file()));
    outside.sort((a, b) -> a.file().compareTo(b.file()));
    inside.addAll(outside);
    refused.sort(null);
    return new PinnedDumpers(inside, refused);
  }

  private void walk(Path from, Mount mount) {
    if (!mount.isBpf()) {
      return;
    }
    device = mount.device();
    try {
      Files.walkFileTree(from, this);
    } catch (IOException e) {
      refused.add(from);
    }
  }

  @Override
  public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
      throws IOException {
    // Where something else is mounted over it, that is walked by itself or is no bpffs.
    boolean ours = (long) Files.getAttribute(directory, "unix:dev") == device;
    return ours && seen.add(attributes.fileKey())
        ? FileVisitResult.CONTINUE
        : FileVisitResult.SKIP_SUBTREE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    boolean ours = (long) Files.getAttribute(file, "unix:dev", LinkOption.NOFOLLOW_LINKS) == device;
    // A name and not a file is what is shown: hard links are dumpers of their own.
    if (ours && attributes.isRegularFile()) {
      try {
        pins.dumper(file).ifPresent(dumpers::add);
      } catch (SyscallException e) {
        refused.add(file);
      }
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    if (!(e instanceof NoSuchFileException)) {
      refused.add(file);
    }
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, IOException e) {
    return FileVisitResult.CONTINUE; // removed while it was read
  }
}
