// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.live.MountOptions;
import org.bpfdump.live.TreeMounts;

/**
 * {@code bpfdump mount DIR}: shows the tree of dumpers at a directory. Its options are those that
 * mount(8) gives to helpers ("EXTERNAL HELPERS").
 */
final class MountCommand implements Command.Action {
  @Override
  public String name() {
    return "bpfdump mount";
  }

  @Override
  public String summary() {
    return "Shows the tree of dumpers at a directory.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("DIR [-o OPTIONS] [-s] [-f] [-n] [-v]");
  }

  @Override
  public List<Option> options() {
    return List.of(
        new Option(
            "-o",
            "--options",
            "OPTIONS",
            List.of(),
            "as mount(8) takes them: ro,nosuid; remount,rw"),
        Option.flag("-s", "--sloppy", "pass over options that nobody knows"),
        Option.flag("-f", "--fake", "only find out whether it can be done"),
        Option.flag("-n", "--no-mtab", "for mount(8); changes nothing"));
  }

  @Override
  public List<Operand> operands() {
    return List.of(Operand.one("DIR", "a directory, which the mount will cover"));
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    String list = arguments.has("--options") ? arguments.value("--options") : "";
    MountOptions options = MountOptions.parse(list, arguments.has("--sloppy"));
    Path dir = Path.of(arguments.operand());
    TreeMounts mounts = TreeMounts.ofTree();
    mounts.check(dir, options); // before the kernel's types are read
    if (!arguments.has("--fake")) {
      try (LiveKernel kernel = LiveKernel.open()) {
        mounts.mount(kernel, dir, options);
      }
    }
    return ExitCode.OK;
  }
}
