// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;

/** The program that a command line means. */
final class Programs {
  static final Operand OBJECT =
      Operand.one("OBJECT", "an iterator program compiled by clang -target bpf -g");
  static final Option PROGRAM =
      Option.value("--program", "NAME", "which program, when the object has several");
  static final Option TARGET =
      Option.value("--target", "TARGET", "run it for this target, not the one it names");

  private Programs() {}

  /** The program of the object that is the first operand. */
  static ProgramSpec read(Arguments arguments) {
    Path path;
    try {
      path = Path.of(arguments.operand());
    } catch (InvalidPathException e) {
      throw arguments.wrong("not a path: " + e.getMessage());
    }
    ObjectFile object;
    try {
      object = ObjectFile.read(path);
    } catch (IOException e) {
      throw new ReadException(path, e);
    }
    String name = arguments.value("--program");
    return name == null ? object.program() : object.program(name);
  }

  /** The program for the target that was asked for, or else its own. */
  static ProgramSpec forTarget(ProgramSpec program, Arguments arguments, Kernel kernel) {
    String target = arguments.value("--target");
    return target == null ? program : program.withTarget(kernel.target(target).name());
  }
}
