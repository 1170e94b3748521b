// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
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
    return List.of(
        "DIR [-o OPTIONS] [-s] [-f] [-n] [-v]", "--image FILE [--symbols FILE] DIR [--foreground]");
  }

  @Override
  public List<Option> options() {
    List<Option> options = new ArrayList<>();
    options.add(
        new Option(
            "-o",
            "--options",
            "OPTIONS",
            List.of(),
            "as mount(8) takes them: ro,nosuid; remount,rw"));
    options.add(Option.flag("-s", "--sloppy", "pass over options that nobody knows"));
    options.add(Option.flag("-f", "--fake", "only find out whether it can be done"));
    options.add(Option.flag("-n", "--no-mtab", "for mount(8); changes nothing"));
    options.add(ImageMount.FOREGROUND);
    options.addAll(ImageOptions.OPTIONS);
    return options;
  }

  @Override
  public List<Operand> operands() {
    return List.of(Operand.one("DIR", "a directory, which the mount will cover"));
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    if (arguments.has(ImageOptions.IMAGE.name())) {
      return ImageMount.run(arguments, session);
    }
    if (arguments.has(ImageMount.FOREGROUND.name())) {
      throw arguments.wrong("--foreground goes with --image");
    }
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
