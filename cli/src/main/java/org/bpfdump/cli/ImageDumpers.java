// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.Access;
import org.bpfdump.live.FuseMount;

/**
 * The dumpers of an image that is mounted. They belong to the process that serves the mount; here
 * they are files.
 *
 * @param root where the image is mounted
 */
record ImageDumpers(Path root) {
  private static final String FACTS = "bpfdump";
  private static final String OPTIONS = "bpfdump.options";

  /**
   * One of them.
   *
   * @param name its path in the tree
   * @param facts what the server says of it, by name
   */
  record Entry(String name, Path file, Map<String, String> facts) {}

  /** Those of the image that a command line names. */
  static ImageDumpers of(Arguments arguments) {
    String source = source(arguments);
    List<Path> places = FuseMount.of(source);
    if (places.isEmpty()) {
      throw new RequestException(
          "image "
              + String.join(" ", arguments.values(ImageOptions.IMAGE.name()))
              + " is not mounted: its dumpers are files only while it is (bpfdump --image FILE mount"
              + " DIR)");
    }
    return new ImageDumpers(places.getLast());
  }

  /** What mounts of an image have as their source. */
  static String source(Arguments arguments) {
    String name = arguments.values(ImageOptions.IMAGE.name()).getFirst();
    if (name.equals(ImageOptions.DEMO)) {
      return name;
    }
    try {
      return Path.of(name).toRealPath().toString();
    } catch (IOException e) {
      throw ReadException.ofImage(Path.of(name));
    }
  }

  /** Makes a dumper, and returns its file. */
  Path pin(PinCommand.Source source, ImageKernel kernel, Parameter parameter, Access access)
      throws IOException {
    Target target = source.target(kernel);
    Path file = place(target, source.name());
    // Here first: the server could only say that it failed.
    try (Dumper dumper = source.load(kernel, program -> kernel.load(program, parameter))) {
      assert dumper.target().name().equals(target.name());
    }
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))) {
      UserDefinedFileAttributeView attributes =
          Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
      attributes.write(OPTIONS, StandardCharsets.UTF_8.encode(String.join("\n", source.options())));
      ByteBuffer content = ByteBuffer.wrap(source.content());
      while (content.hasRemaining()) {
        channel.write(content);
      }
    } catch (FileAlreadyExistsException e) {
      throw new RequestException("cannot pin " + file + ": the name is taken; choose another");
    } catch (IOException e) {
      throw new RequestException("cannot pin " + file + ": " + e.getMessage() + "; run as root");
    }
    PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
    if (access.owner().isPresent()) {
      view.setOwner(access.owner().get());
    }
    if (access.group().isPresent()) {
      view.setGroup(access.group().get());
    }
    Files.setAttribute(file, "unix:mode", access.mode());
    return file;
  }

  private Path place(Target target, String name) {
    String within = target.path() + "/";
    String last = name.startsWith(within) ? name.substring(within.length()) : name;
    if (last.isEmpty() || last.indexOf('/') >= 0 || last.startsWith(".")) {
      throw new RequestException(
          "no name for a dumper of " + target.path() + ": " + name + "; give one without a slash");
    }
    return root.resolve(target.path()).resolve(last);
  }

  /** All of them, by name. */
  List<Entry> list() throws IOException {
    List<Entry> entries = new ArrayList<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        entries.add(new Entry(root.relativize(file).toString(), file, facts(file)));
      }
    }
    return entries;
  }

  /** The file of the one of this name, or of this path in the tree. */
  Path find(String name) throws IOException {
    Path path = root.resolve(name).normalize();
    if (name.indexOf('/') >= 0 && path.startsWith(root) && Files.isRegularFile(path)) {
      return path;
    }
    List<Path> found = new ArrayList<>();
    for (Entry entry : list()) {
      if (entry.file().getFileName().toString().equals(name)) {
        found.add(entry.file());
      }
    }
    if (found.size() == 1) {
      return found.getFirst();
    }
    throw new RequestException(
        found.isEmpty()
            ? "no dumper " + name + " is at " + root
            : "several dumpers have the name " + name + ": " + found.getFirst() + " and others");
  }

  /** Writes out a dump of one. */
  void copy(Path file, Output out) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(64 << 10);
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      while (channel.read(bytes.clear()) > 0) {
        out.write(bytes.flip());
      }
    } catch (IOException e) {
      throw new Copy.PartException(
          "the dump of " + file + " ended before its target did: " + e.getMessage(), null);
    }
  }

  private static Map<String, String> facts(Path file) throws IOException {
    UserDefinedFileAttributeView attributes =
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    Map<String, String> facts = new HashMap<>();
    if (attributes.list().contains(FACTS)) {
      ByteBuffer value = ByteBuffer.allocate(attributes.size(FACTS));
      attributes.read(FACTS, value);
      for (String line : StandardCharsets.UTF_8.decode(value.flip()).toString().split("\n", -1)) {
        int equals = line.indexOf('=');
        if (equals > 0) {
          facts.put(line.substring(0, equals), line.substring(equals + 1));
        }
      }
    }
    return facts;
  }
}
