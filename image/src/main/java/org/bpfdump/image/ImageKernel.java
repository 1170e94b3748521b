// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Snapshots;
import org.bpfdump.image.vm.Engine;
import org.bpfdump.image.vm.Interpreter;
import org.bpfdump.image.vm.TieredEngine;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.spec.ProgramSpec;

/**
 * The kernel whose memory a file has: a crash dump, a snapshot of a virtual machine. Programs run
 * in the JVM, without privilege, on any operating system.
 *
 * <p>The file is read as pages are needed; it must stay as it is until this is closed and so are
 * the dumpers and dumps. What cannot be read any more counts as not in the file.
 */
public final class ImageKernel implements Kernel {
  private final Image.Hold hold;
  private final ImageTargets targets;

  private ImageKernel(Image.Hold hold) {
    this.hold = hold;
    this.targets = new ImageTargets(hold.image().snapshot());
  }

  /**
   * Opens the image that a file is.
   *
   * @throws org.bpfdump.error.MalformedException when it is no image, or a broken one
   * @throws org.bpfdump.error.UnsupportedException when it is of a kind or a machine that bpfdump
   *     does not read, or lacks what it cannot do without
   * @throws RequestException when there is no such file, or it may not be read
   */
  public static ImageKernel open(Path file) {
    return open(ImageSource.of(file));
  }

  /** The same of more than one file, or with help. */
  public static ImageKernel open(ImageSource source) {
    return open(source, source.interpreted() ? new Interpreter() : new TieredEngine());
  }

  /** The same with another way of running programs. */
  static ImageKernel open(ImageSource source, Engine engine) {
    try {
      return of(
          Snapshots.open(DumpFile.open(source.files(), source.progress()), source.symbols()),
          engine);
    } catch (IOException e) {
      throw new RequestException("cannot read image " + names(source) + ": " + reason(e));
    }
  }

  /** The kernel that was opened already, which this owns. */
  static ImageKernel of(Snapshot snapshot, Engine engine) {
    return new ImageKernel(new Image(snapshot, engine).first());
  }

  private static String names(ImageSource source) {
    StringBuilder names = new StringBuilder();
    for (Path file : source.files()) {
      names.append(names.isEmpty() ? "" : ", ").append(file);
    }
    return names.toString();
  }

  private static String reason(IOException e) {
    return switch (e) {
      case java.nio.file.NoSuchFileException missing -> missing.getFile() + " does not exist";
      case java.nio.file.AccessDeniedException denied ->
          denied.getFile() + " may not be read by this user";
      default -> e.toString();
    };
  }

  /** What the image says of itself and its machine. */
  public ImageInfo info() {
    return InfoReader.read(hold.image().snapshot());
  }

  /**
   * The kernel's log, oldest first. What is broken of it ends it, with a last record that says so.
   * To be read before this is closed.
   *
   * @throws org.bpfdump.error.BpfdumpException when the image has none that can be read
   */
  public Stream<LogRecord> log() {
    return LogReader.stream(hold.image().snapshot());
  }

  /** Every namespace of a kind that the image has, the first one first. */
  public List<ImageNamespace> namespaces(ImageNamespace.Kind kind) {
    return FoundNamespaces.of(hold.image().snapshot(), kind);
  }

  /**
   * The namespace of a kind that has this number itself, or that a process is in.
   *
   * @param number a namespace's inode, or a process's id in the first pid namespace
   */
  public Optional<ImageNamespace> namespace(ImageNamespace.Kind kind, long number) {
    return FoundNamespaces.find(hold.image().snapshot(), kind, number);
  }

  @Override
  public Btf btf() {
    return hold.image().snapshot().btf();
  }

  /** The targets of this kernel that bpfdump can walk in an image, ordered by name. */
  @Override
  public List<Target> targets() {
    hold.image();
    return targets.all();
  }

  @Override
  public ImageDumper load(ProgramSpec program, Parameter parameter) {
    Image image = hold.image();
    Loaded loaded = new Loading(image, targets, program).load(parameter);
    return new ImageDumper(image.hold(), program, loaded);
  }

  @Override
  public ImageDumper load(ProgramSpec program) {
    return load(program, new Parameter.None());
  }

  /** Closes the image; dumpers and dumps that are open keep it until they are closed. */
  @Override
  public void close() {
    hold.close();
  }
}
