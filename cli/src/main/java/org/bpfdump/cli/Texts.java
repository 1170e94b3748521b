// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.Query;
import org.bpfdump.query.TextFormat;
import org.bpfdump.spec.ProgramSpec;

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

  private final Arguments arguments;
  private final Query query;
  private final TextFormat format;

  Texts(Arguments arguments) {
    this.arguments = arguments;
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
  public String name() {
    return arguments.operands().getLast();
  }

  @Override
  public byte[] content() {
    return arguments.value("--query").getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public List<String> options() {
    return arguments.words(PinCommand.MADE_BY);
  }

  @Override
  public Target target(Kernel kernel) {
    return kernel.target(query.target());
  }

  @Override
  public <D extends Dumper> D load(Kernel kernel, Function<? super ProgramSpec, ? extends D> load) {
    return query.loadText(format, kernel, load);
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
