// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Target;

/**
 * {@code bpfdump dumper show target}. The first two columns are those of {@code bpftool dumper show
 * target} in the second version of the RFC.
 */
final class ShowTargetCommand implements Command.Action {
  /** As wide as the RFC has it, where no path needs more. */
  private static final int TARGET_WIDTH = 24;

  @Override
  public String name() {
    return "bpfdump dumper show target";
  }

  @Override
  public String summary() {
    return "Lists what this kernel can dump, with context struct and C prototype.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("[--json] [-v]");
  }

  @Override
  public List<Option> options() {
    List<Option> options = new ArrayList<>();
    options.add(Option.flag("--json", "as data, with arguments, offsets and parameters"));
    options.addAll(ImageOptions.OPTIONS);
    return options;
  }

  @Override
  public List<Operand> operands() {
    return List.of();
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    List<Target> targets;
    try (Kernel kernel = ImageOptions.kernel(arguments, session)) {
      targets = kernel.targets();
    }
    session.out().print(arguments.has("--json") ? TargetJson.of(targets) : table(targets));
    return ExitCode.OK;
  }

  private static String table(List<Target> targets) {
    int width = TARGET_WIDTH;
    int contextWidth = 0;
    for (Target target : targets) {
      width = Math.max(width, target.path().length() + 1);
      contextWidth = Math.max(contextWidth, target.context().length() + 2);
    }
    StringBuilder table = new StringBuilder();
    row(table, width, "target", contextWidth, "prog_ctx_type", "prototype");
    for (Target target : targets) {
      row(table, width, target.path(), contextWidth, target.context(), target.prototype());
    }
    return table.toString();
  }

  private static void row(
      StringBuilder table, int width, String path, int contextWidth, String context, String last) {
    table.append(path).repeat(' ', width - path.length());
    table.append(context).repeat(' ', Math.max(2, contextWidth - context.length()));
    table.append(last).append('\n');
  }
}
