// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.List;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.check.Completions;

/**
 * {@code bpfdump complete-fields TARGET WORD}: what a piece of a query can become, a line for each.
 * For shells, and so in no list of commands.
 */
final class CompleteFieldsCommand implements Command.Action {
  static final String WORD = "complete-fields";

  @Override
  public String name() {
    return "bpfdump " + WORD;
  }

  @Override
  public String summary() {
    return "Lists what a piece of a query can become, for shells.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("TARGET WORD");
  }

  @Override
  public List<Option> options() {
    return List.of();
  }

  @Override
  public List<Operand> operands() {
    return List.of(
        Operand.one("TARGET", "what to walk"), Operand.one("WORD", "what is there of the query"));
  }

  @Override
  public int run(Arguments arguments, Session session) {
    StringBuilder lines = new StringBuilder();
    try (Kernel kernel = LiveKernel.open()) {
      Target target = kernel.target(arguments.operands().getFirst());
      Completions completions = new Completions(kernel.btf(), target);
      for (String word : completions.of(arguments.operands().getLast())) {
        lines.append(word).append('\n');
      }
    }
    session.out().print(lines.toString());
    return ExitCode.OK;
  }
}
