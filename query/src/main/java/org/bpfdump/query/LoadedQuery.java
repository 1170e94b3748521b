// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bpfdump.error.QueryException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.check.Checker;
import org.bpfdump.query.code.Blame;
import org.bpfdump.query.code.Compiled;
import org.bpfdump.query.code.Generator;
import org.bpfdump.query.columns.ColumnFile;
import org.bpfdump.query.columns.UsualColumns;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.row.RowReader;
import org.bpfdump.query.syntax.QueryText;

/** A query that a kernel has loaded: any number of passes can be opened. */
public final class LoadedQuery implements AutoCloseable {
  private final Kernel kernel;
  private final Plan plan;
  private final Compiled compiled;
  private final Dumper dumper;

  private LoadedQuery(Kernel kernel, Plan plan, Compiled compiled, Dumper dumper) {
    this.kernel = kernel;
    this.plan = plan;
    this.compiled = compiled;
    this.dumper = dumper;
  }

  static LoadedQuery load(Query query, Kernel kernel, Parameter parameter) {
    Plan plan = plan(query, kernel);
    Compiled compiled = Generator.compile(plan, kernel.btf());
    while (true) {
      try {
        return new LoadedQuery(kernel, plan, compiled, kernel.load(compiled.spec(), parameter));
      } catch (VerifierException e) {
        Compiled refused = compiled;
        compiled =
            refused.without(e, kernel.btf()).orElseThrow(() -> explained(e, refused.blame(e)));
      }
    }
  }

  /** The refusal, and what of the query it was for. */
  private static VerifierException explained(VerifierException refusal, Blame blame) {
    String part = blame.condition() ? "the condition" : blame.column() < 0 ? "the query" : "column";
    return new VerifierException(
        part
            + (blame.text().isEmpty() ? "" : " " + blame.text())
            + " makes a program that this kernel refuses: "
            + refusal.getMessage(),
        refusal.errno(),
        refusal.log(),
        refusal.detail());
  }

  private static Plan plan(Query query, Kernel kernel) {
    Target target = kernel.target(query.target());
    if (!target.module().isEmpty()) {
      throw new UnsupportedException(
          "target "
              + target.path()
              + " is of module "
              + target.module()
              + ", whose types queries do not know; run a compiled program for it");
    }
    Checker checker = new Checker(kernel.btf(), target, query.isRaw());
    List<Column> columns = columns(query, target, checker);
    Optional<Value> where = Optional.empty();
    List<String> texts = new ArrayList<>();
    for (QueryText.Source condition : query.conditions()) {
      Value next = checker.condition(condition);
      where = where.map(w -> (Value) new Value.Both(w.span(), w, next)).or(() -> Optional.of(next));
      texts.add(condition.text());
    }
    return new Plan(target, columns, where, String.join(" && ", texts));
  }

  private static List<Column> columns(Query query, Target target, Checker checker) {
    if (!query.columns().isEmpty()) {
      return checker
          .check(new QueryText(target.name(), query.columns(), Optional.empty()))
          .columns();
    }
    ColumnFile usual = UsualColumns.of(System.getenv()).of(target);
    try {
      return checker.check(usual.query()).columns();
    } catch (QueryException e) {
      throw usual.located(e);
    }
  }

  /** Starts a pass. The caller owns it. */
  public RowDump open() {
    return open(Dumper::open);
  }

  /** Starts a pass that {@code how} opens, in another namespace say. The caller owns it. */
  public RowDump open(Function<? super Dumper, ? extends Dump> how) {
    Dump dump = how.apply(dumper);
    return new RowDump(
        dump, new RowReader(dump::read, plan.columns(), compiled.layout(), kernel.btf().order()));
  }

  /** What the query does on this kernel. */
  @SuppressWarnings("exports") // for the command
  public Plan plan() {
    return plan;
  }

  /** The program. */
  @SuppressWarnings("exports") // for the command
  public Compiled compiled() {
    return compiled;
  }

  /** What was loaded, still owned by this. */
  public Dumper dumper() {
    return dumper;
  }

  @Override
  public void close() {
    dumper.close();
  }
}
