// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.QueryException;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.Span;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.syntax.QueryText;

/**
 * Makes sense of queries on one target of one kernel. Not for several threads at once.
 *
 * <p>What it refuses, it refuses with a {@link QueryException} that points into the text of the
 * column or condition.
 */
public final class Checker {
  private final Target target;
  private final Expressions expressions;
  private final Showing showing;

  /**
   * @param btf the types of the kernel, or of the module that has the target, over the kernel's
   * @param target what is walked
   * @param raw whether columns are numbers and bytes also where their types have a reading
   */
  public Checker(Btf btf, Target target, boolean raw) {
    Types types = new Types(btf);
    Access access = new Access(types);
    this.target = target;
    this.expressions = new Expressions(types, new Names(types, target, access), access);
    this.showing = new Showing(types, access, expressions.texts(), raw);
  }

  /** The plan of a query; its target's name is not looked at, and no columns are added. */
  public Plan check(QueryText query) {
    List<Column> columns = new ArrayList<>();
    for (QueryText.Column column : query.columns()) {
      columns.add(column(column));
    }
    if (query.where().isEmpty()) {
      return new Plan(target, columns, Optional.empty());
    }
    QueryText.Source where = query.where().get();
    return new Plan(target, columns, Optional.of(condition(where)), where.text());
  }

  /** One column. */
  public Column column(QueryText.Column column) {
    QueryText.Source source = column.source();
    try {
      Operand operand = expressions.operand(source.expression());
      Span span = source.expression().span();
      String written = source.text().substring(span.start(), span.end());
      return new Column(column.label(), written, showing.cell(operand, written));
    } catch (Fault fault) {
      throw error(fault, source);
    }
  }

  /** A condition. */
  public Value condition(QueryText.Source source) {
    try {
      return expressions.truth(source.expression());
    } catch (Fault fault) {
      throw error(fault, source);
    }
  }

  static QueryException error(Fault fault, QueryText.Source source) {
    return new QueryException(
        fault.getMessage(), source.text(), fault.span().start(), fault.span().end());
  }
}
