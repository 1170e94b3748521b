// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bpfdump.error.IncompleteException;
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
import org.bpfdump.query.code.Form;
import org.bpfdump.query.code.Generator;
import org.bpfdump.query.columns.ColumnFile;
import org.bpfdump.query.columns.UsualColumns;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.row.RowReader;
import org.bpfdump.query.syntax.QueryText;
import org.bpfdump.spec.ProgramSpec;

/** A query that a kernel has loaded: any number of passes can be opened. */
public final class LoadedQuery implements AutoCloseable {
  /** Times as large is a map for rows than one that they did not fit. */
  private static final int GROWTH = 4;

  /** What verifiers say of programs that they have followed for long enough. */
  private static final String TOO_LARGE = "BPF program is too large";

  private static final String TOO_MANY = "number of maps per program";

  /** A program reaches no more of a map's value than 512 MiB. */
  private static final int LARGEST_COLLECTION = 256 << 20;

  /** A compiled query that the kernel has taken, and who walks where rows are collected. */
  private record Taken(Compiled compiled, Dumper dumper, Collector collector) {}

  private final Kernel kernel;
  private final Parameter parameter;
  private final Plan plan;
  private final Object turn = new Object();

  /** Another one when rows need a larger map. */
  private volatile Taken taken;

  private LoadedQuery(Kernel kernel, Parameter parameter, Plan plan, Taken taken) {
    this.kernel = kernel;
    this.parameter = parameter;
    this.plan = plan;
    this.taken = taken;
  }

  static LoadedQuery load(Query query, Kernel kernel, Parameter parameter) {
    Plan plan = plan(query, kernel);
    Taken taken = load(Generator.compile(plan, kernel.btf()), kernel, parameter);
    return new LoadedQuery(kernel, parameter, plan, taken);
  }

  private static Taken load(Compiled first, Kernel kernel, Parameter parameter) {
    return load(
        first,
        kernel,
        compiled -> {
          Dumper dumper = kernel.load(compiled.spec(), parameter);
          return new Taken(compiled, dumper, new Collector(kernel.btf().order()));
        });
  }

  /** A program that writes lines of text, loaded by {@code load}. */
  static <D> D text(
      Query query,
      TextFormat format,
      Kernel kernel,
      Function<? super ProgramSpec, ? extends D> load) {
    Form form =
        switch (format) {
          case TABLE -> Form.TABLE;
          case TAB_SEPARATED -> Form.TAB_SEPARATED;
        };
    Compiled first = Generator.compile(plan(query, kernel), kernel.btf(), form);
    return load(first, kernel, compiled -> load.apply(compiled.spec()));
  }

  private static <D> D load(
      Compiled first, Kernel kernel, Function<? super Compiled, ? extends D> load) {
    Compiled compiled = first;
    while (true) {
      try {
        return load.apply(compiled);
      } catch (VerifierException e) {
        Compiled refused = compiled;
        compiled = refused.without(e, kernel.btf()).orElseThrow(() -> explained(e, refused));
      }
    }
  }

  /** The refusal, and what of the query it was for. */
  private static VerifierException explained(VerifierException refusal, Compiled compiled) {
    String why = refusal.getMessage();
    if (why.contains(TOO_LARGE) || why.contains(TOO_MANY)) {
      String what =
          why.contains(TOO_LARGE)
              ? "is not followed to its end by this kernel's verifier (it gives up after a million"
                  + " instructions)"
              : "has more maps than this kernel lets one have (64), each search in texts one";
      return new VerifierException(
          "the query makes a program that "
              + what
              + "; most have "
              + compiled.most()
              + ": ask for fewer columns at a time, or for shorter texts",
          refusal.errno(),
          refusal.log(),
          refusal.detail());
    }
    Blame blame = compiled.blame(refusal);
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
    List<QueryText.Column> written = query.columns();
    Optional<ColumnFile> usual = Optional.empty();
    if (written.isEmpty()) {
      usual = Optional.of(UsualColumns.of(System.getenv()).of(target));
      written = usual.get().query().columns();
    }
    List<Column> columns = columns(written, usual, target, checker);
    Optional<Value> where = Optional.empty();
    List<String> texts = new ArrayList<>();
    for (QueryText.Source condition : query.conditions()) {
      Value next = checker.condition(condition);
      where = where.map(w -> (Value) new Value.Both(w.span(), w, next)).or(() -> Optional.of(next));
      texts.add(condition.text());
    }
    String text = OneLine.of(target, written, query.conditions());
    return new Plan(target, columns, where, String.join(" && ", texts), text);
  }

  private static List<Column> columns(
      List<QueryText.Column> written, Optional<ColumnFile> usual, Target target, Checker checker) {
    try {
      return checker.check(new QueryText(target.name(), written, Optional.empty())).columns();
    } catch (QueryException e) {
      throw usual.isPresent() ? usual.get().located(e) : e;
    }
  }

  /** Starts a pass. The caller owns it. */
  public RowDump open() {
    return open(Dumper::open);
  }

  /** Starts a pass that {@code how} opens, in another namespace say. The caller owns it. */
  public RowDump open(Function<? super Dumper, ? extends Dump> how) {
    Dump dump = Generator.collects(plan.target()) ? collect(how) : how.apply(taken.dumper());
    return new RowDump(
        dump,
        new RowReader(dump::read, plan.columns(), taken.compiled().layout(), kernel.btf().order()));
  }

  /**
   * Walks to the end at once, and again with a larger map until the rows fit. One after the other:
   * passes of a program share its map.
   */
  private Dump collect(Function<? super Dumper, ? extends Dump> how) {
    synchronized (turn) {
      while (true) {
        Optional<Dump> rows = taken.collector().walk(taken.dumper(), how);
        if (rows.isPresent()) {
          return rows.get();
        }
        grow();
      }
    }
  }

  private void grow() {
    Taken small = taken;
    int capacity = small.compiled().capacity();
    if (capacity >= LARGEST_COLLECTION) {
      throw new IncompleteException(
          "the rows need more than the "
              + (capacity >> 20)
              + " MiB that a map for them can have; ask for fewer columns or objects");
    }
    taken = load(small.compiled().with(capacity * GROWTH, kernel.btf()), kernel, parameter);
    small.dumper().close();
  }

  /** What the query does on this kernel. */
  @SuppressWarnings("exports") // for the command
  public Plan plan() {
    return plan;
  }

  /** The program. */
  @SuppressWarnings("exports") // for the command
  public Compiled compiled() {
    return taken.compiled();
  }

  /** What was loaded, still owned by this. */
  public Dumper dumper() {
    return taken.dumper();
  }

  @Override
  public void close() {
    taken.dumper().close();
  }
}
