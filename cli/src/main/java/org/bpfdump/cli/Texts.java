// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.List;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.Query;
import org.bpfdump.query.TextFormat;

/** A query that is pinned: its program writes text, which needs nothing to be read. */
final class Texts implements PinCommand.Source {
  static final List<Option> OPTIONS =
      List.of(
          Option.value(
              "--query", "QUERY", "in place of OBJECT: 'TARGET: COLUMN, ... where CONDITION'"),
          Option.choice(
              "--format",
              "FORMAT",
              List.of("table", "tsv"),
              "of a query's lines: table unless told, or tsv"));

  private static final String[] ONLY_FOR_OBJECTS = {"--program", "--target"};

  private final Query query;
  private final TextFormat format;

  Texts(Arguments arguments) {
    if (arguments.operands().size() > 1) {
      throw arguments.wrong("with --query there is no OBJECT: only NAME");
    }
    for (String option : ONLY_FOR_OBJECTS) {
      if (arguments.has(option)) {
        throw arguments.wrong(option + " goes with OBJECT: a query names its target itself");
      }
    }
    String name = arguments.has("--format") ? arguments.value("--format") : "table";
    format =
        switch (name) {
          case "table" -> TextFormat.TABLE;
          case "tsv" -> TextFormat.TAB_SEPARATED;
          default -> throw arguments.wrong("--format is table or tsv, not " + name);
        };
    query = Query.parse(arguments.value("--query"));
  }

  @Override
  public Target target(LiveKernel kernel) {
    return kernel.target(query.target());
  }

  @Override
  public LiveDumper load(LiveKernel kernel, Parameter parameter) {
    return query.loadText(format, kernel, program -> kernel.load(program, parameter));
  }

  @Override
  public void remark(Target target, Session session) {
    if (target.name().equals("cgroup") || target.name().equals("dmabuf")) {
      session
          .err()
          .print(
              Errors.line(
                  "the kernel gives a reader of "
                      + target.path()
                      + " 32 KiB and no more: keep lines few and short"));
    }
  }
}
