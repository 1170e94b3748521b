// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.query.LoadedQuery;
import org.bpfdump.query.Query;

/** {@code bpfdump dump TARGET COLUMN...}: a query, and its rows. */
final class DumpCommand implements Command.Action {
  @Override
  public String name() {
    return "bpfdump dump";
  }

  @Override
  public String summary() {
    return "Dumps columns of a target's objects; the program for it is made on the spot.";
  }

  @Override
  public List<String> synopsis() {
    return List.of(
        "TARGET [COLUMN...] [--where CONDITION] [--format FORMAT] [--limit N] [OPTION...]",
        "TARGET [COLUMN...] {--watch SECONDS | --explain} [OPTION...]");
  }

  @Override
  public List<Option> options() {
    List<Option> options = new ArrayList<>();
    options.add(Option.value("--where", "CONDITION", "only objects for which this is true"));
    options.add(DumpFormat.OPTION);
    options.add(Option.flag("--no-header", "without the line that names the columns"));
    options.add(Option.value("--limit", "N", "end after this many rows"));
    options.add(
        Option.flag("--raw", "numbers and bytes also where a type has a more readable form"));
    options.add(NamespaceOptions.RECEIPT);
    options.add(
        Option.value(
            "--watch", "SECONDS", "again and again; what is new on a terminal stands out"));
    options.add(Option.flag("--explain", "dump nothing: show the plan, the program, and its cost"));
    options.addAll(ParameterOptions.OPTIONS);
    options.addAll(NamespaceOptions.OPTIONS);
    options.addAll(ImageOptions.OPTIONS);
    return options;
  }

  @Override
  public List<Operand> operands() {
    return List.of(
        Operand.one("TARGET", "what to walk, such as task/file"),
        new Operand(
            "COLUMN",
            "an expression, or LABEL = EXPRESSION; commas between several; none: the usual ones",
            true,
            true));
  }

  @Override
  public int run(Arguments arguments, Session session) {
    Parameter parameter = ParameterOptions.parse(arguments);
    NamespaceOptions.check(arguments);
    DumpOptions options = DumpOptions.of(arguments);
    Query query = query(arguments);
    try (Kernel kernel = ImageOptions.kernel(arguments, session);
        Namespaces namespaces = NamespaceOptions.open(arguments, kernel);
        LoadedQuery loaded = query.load(kernel, parameter)) {
      RowDumps dumps = new RowDumps(loaded, namespaces, options);
      if (arguments.has("--explain")) {
        int processed =
            loaded.dumper() instanceof LiveDumper live ? live.verifiedInstructions() : 0;
        session.out().print(Explanation.of(loaded, kernel.btf(), processed));
      } else if (arguments.has("--watch")) {
        new Watch(dumps, session, ParameterOptions.number(arguments, "--watch", 1)).run();
      } else {
        dumps.once(session);
      }
    }
    return ExitCode.OK;
  }

  private static Query query(Arguments arguments) {
    List<String> operands = arguments.operands();
    Query query = Query.of(operands.getFirst(), operands.subList(1, operands.size()));
    if (arguments.has("--where")) {
      query = query.where(arguments.value("--where"));
    }
    return arguments.has("--raw") ? query.raw() : query;
  }
}
