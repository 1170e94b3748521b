// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.live.DumperFile;
import org.bpfdump.live.DumperTree;
import org.bpfdump.live.LiveKernel;

/** {@code bpfdump cat NAME...}: pinned dumpers, for who may read them. */
final class CatCommand implements Command.Action {
  @Override
  public String name() {
    return "bpfdump cat";
  }

  @Override
  public String summary() {
    return "Writes out the dumps of pinned dumpers.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("NAME... [--receipt] [-v]", NamespaceOptions.SYNOPSIS);
  }

  @Override
  public List<Option> options() {
    List<Option> options = new ArrayList<>();
    options.add(NamespaceOptions.RECEIPT);
    options.addAll(NamespaceOptions.OPTIONS);
    options.addAll(ImageOptions.OPTIONS);
    return options;
  }

  @Override
  public List<Operand> operands() {
    return List.of(
        Operand.many(
            "NAME",
            "a dumper's path in the tree, or its name if only one has it; or a path from / or ."));
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    if (arguments.has(ImageOptions.IMAGE.name())) {
      ImageDumpers dumpers = ImageDumpers.of(arguments);
      List<Path> found = new ArrayList<>();
      for (String name : arguments.operands()) {
        found.add(dumpers.find(name));
      }
      for (Path file : found) {
        dumpers.copy(file, session.out());
      }
      return ExitCode.OK;
    }
    NamespaceOptions.check(arguments);
    List<DumperFile> files = files(arguments); // one that is wrong leaves all of them
    try (LiveNamespaces namespaces = NamespaceOptions.ofThisMachine(arguments)) {
      Copy copy = namespaces.copy(session.out());
      for (DumperFile file : files) {
        String what = files.size() > 1 ? "of dumper " + file.path() : "";
        namespaces.dump(file, what, copy);
      }
      RunCommand.tell(copy.receipt(), arguments, session);
    }
    return ExitCode.OK;
  }

  private static List<DumperFile> files(Arguments arguments) {
    List<DumperFile> files = new ArrayList<>();
    for (String name : arguments.operands()) {
      files.add(new DumperFile(isPath(name) ? path(arguments, name) : inTree(name)));
    }
    return files;
  }

  /** No name of a dumper, and no path in the tree, begins like that. */
  private static boolean isPath(String name) {
    return name.startsWith("/") || name.startsWith(".");
  }

  private static Path path(Arguments arguments, String name) {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw arguments.wrong("not a path: " + e.getMessage());
    }
  }

  private static Path inTree(String name) {
    try (LiveKernel kernel = LiveKernel.open()) {
      return DumperTree.of(kernel).find(name);
    }
  }
}
