// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bpfdump.btf.Btf;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.spec.ProgramSpec;

/**
 * The kernel whose memory a file has: a crash dump, a snapshot of a virtual machine. Programs run
 * in the JVM, without privilege, on any operating system.
 *
 * <p>The file is mapped, not read; it must stay as it is until this is closed and so are the
 * dumpers and dumps.
 */
@SuppressWarnings("DoNotCallSuggester") // until it is there
public final class ImageKernel implements Kernel {
  private ImageKernel() {}

  /**
   * Opens the image that a file is.
   *
   * @throws org.bpfdump.error.MalformedException when it is no image, or a broken one
   * @throws org.bpfdump.error.UnsupportedException when it is of a kind or a machine that bpfdump
   *     does not read, or lacks what it cannot do without
   * @throws org.bpfdump.error.RequestException when there is no such file, or it may not be read
   */
  public static ImageKernel open(Path file) {
    return open(ImageSource.of(file));
  }

  /** The same of more than one file, or with help. */
  public static ImageKernel open(ImageSource source) {
    throw new UnsupportedOperationException();
  }

  /** What the image says of itself and its machine. */
  public ImageInfo info() {
    throw new UnsupportedOperationException();
  }

  /**
   * The kernel's log, oldest first. What is broken of it ends it, with a last record that says so.
   */
  public Stream<LogRecord> log() {
    throw new UnsupportedOperationException();
  }

  /** Every namespace of a kind that the image has, the first one first. */
  public List<ImageNamespace> namespaces(ImageNamespace.Kind kind) {
    throw new UnsupportedOperationException();
  }

  /**
   * The namespace of a kind that a process is in, or that has this number itself.
   *
   * @param number a process's id in the first pid namespace, or a namespace's inode
   */
  public Optional<ImageNamespace> namespace(ImageNamespace.Kind kind, long number) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Btf btf() {
    throw new UnsupportedOperationException();
  }

  /** The targets of this kernel that bpfdump can walk in an image, ordered by name. */
  @Override
  public List<Target> targets() {
    throw new UnsupportedOperationException();
  }

  @Override
  public ImageDumper load(ProgramSpec program, Parameter parameter) {
    throw new UnsupportedOperationException();
  }

  @Override
  public ImageDumper load(ProgramSpec program) {
    return load(program, new Parameter.None());
  }

  /** Closes the image; dumpers and dumps that are open keep it until they are closed. */
  @Override
  public void close() {
    throw new UnsupportedOperationException();
  }
}
