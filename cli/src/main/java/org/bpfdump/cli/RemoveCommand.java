// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.live.DumperTree;
import org.bpfdump.live.LiveKernel;

/** {@code bpfdump dumper rm NAME...}. */
final class RemoveCommand implements Command.Action {
  @Override
  public String name() {
    return "bpfdump dumper rm";
  }

  @Override
  public String summary() {
    return "Removes dumpers; those who read one can go on to its end.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("NAME... [-v]");
  }

  @Override
  public List<Option> options() {
    return ImageOptions.OPTIONS;
  }

  @Override
  public List<Operand> operands() {
    return List.of(
        Operand.many("NAME", "a dumper's path in the tree, or its name if only one has it"));
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    if (arguments.has(ImageOptions.IMAGE.name())) {
      ImageDumpers dumpers = ImageDumpers.of(arguments);
      List<Path> files = new ArrayList<>();
      for (String name : arguments.operands()) {
        files.add(dumpers.find(name)); // one that is wrong leaves all of them
      }
      for (Path file : files) {
        Files.delete(file);
      }
      return ExitCode.OK;
    }
    try (LiveKernel kernel = LiveKernel.open()) {
      DumperTree tree = DumperTree.of(kernel);
      for (String name : arguments.operands()) {
        tree.find(name); // one that is wrong leaves all of them
      }
      for (String name : arguments.operands()) {
        tree.remove(name);
      }
    }
    return ExitCode.OK;
  }
}
