// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.live.PurgedTree;
import org.bpfdump.live.TreeMounts;

/** {@code bpfdump umount [--purge] [DIR]}: takes a mount of the tree away, or the tree itself. */
final class UmountCommand implements Command.Action {
  @Override
  public String name() {
    return "bpfdump umount";
  }

  @Override
  public String summary() {
    return "Takes a mount of the tree of dumpers away; dumpers stay, unless purged.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("DIR [-v]", "--purge [DIR] [-v]");
  }

  @Override
  public List<Option> options() {
    return List.of(
        Option.flag("--purge", "first remove all dumpers of the tree, and its directories"));
  }

  @Override
  public List<Operand> operands() {
    return List.of(
        Operand.optional("DIR", "where the tree is mounted; only --purge can do without"));
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    List<String> operands = arguments.operands();
    TreeMounts mounts = TreeMounts.ofTree();
    if (!arguments.has("--purge")) {
      if (operands.isEmpty()) {
        throw arguments.wrong("missing DIR: where the tree is mounted (or say --purge)");
      }
      mounts.unmount(Path.of(arguments.operand()));
      return ExitCode.OK;
    }
    PurgedTree purged;
    try (LiveKernel kernel = LiveKernel.open()) {
      purged =
          operands.isEmpty()
              ? mounts.purge(kernel)
              : mounts.purge(kernel, Path.of(arguments.operand()));
    }
    for (String message : purged.left()) {
      session.err().print(Errors.line(message));
    }
    for (Path shown : purged.shown()) {
      session.err().print(Errors.line(shown + " shows nothing any more: unmount it (umount)"));
    }
    return purged.left().isEmpty() ? ExitCode.OK : ExitCode.FAILED;
  }
}
