// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.bpfdump.error.QueryException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.query.row.RecordMapper;
import org.bpfdump.query.syntax.Parser;
import org.bpfdump.query.syntax.QueryText;
import org.bpfdump.spec.ProgramSpec;

/**
 * Fields of the objects of one target, and which objects: what to ask a kernel. Immutable; it knows
 * no kernel until it is loaded.
 *
 * <pre>{@code
 * record OpenFile(int tgid, @Field("task.comm") String comm, int fd) {}
 *
 * try (Rows<OpenFile> files =
 *     Query.of("task/file", OpenFile.class).where("task.tgid == 4711").on(kernel).rows()) {
 *   for (OpenFile file : files) {
 *     ...
 *   }
 *   files.receipt().requireComplete();
 * }
 * }</pre>
 */
public final class Query {
  private final String target;
  private final List<QueryText.Column> columns;
  private final List<QueryText.Source> conditions;
  private final boolean raw;

  private Query(
      String target,
      List<QueryText.Column> columns,
      List<QueryText.Source> conditions,
      boolean raw) {
    this.target = target;
    this.columns = List.copyOf(columns);
    this.conditions = List.copyOf(conditions);
    this.raw = raw;
  }

  /**
   * A query of one text: {@code task: tgid, rss = mm.total_vm * 4 where tgid == pid}.
   *
   * @throws QueryException when it is none
   */
  public static Query parse(String text) {
    QueryText query = Parser.query(text);
    return new Query(
        query.target(), query.columns(), query.where().map(List::of).orElse(List.of()), false);
  }

  /**
   * Columns of a target.
   *
   * @param target name or path
   * @param columns each one column or several with commas between them; none for the usual ones of
   *     the target, which {@code $XDG_CONFIG_HOME/bpfdump/columns/task_file.query} or the same
   *     under {@code ~/.config} can change
   * @throws QueryException when one is none
   */
  public static Query of(String target, List<String> columns) {
    List<QueryText.Column> all = new ArrayList<>();
    for (String text : columns) {
      all.addAll(Parser.columns(text));
    }
    return new Query(target, all, List.of(), false);
  }

  /**
   * A query for records, whose type the caller can open to this module or see by its own package.
   */
  public static <T extends Record> RecordQuery<T> of(String target, Class<T> type) {
    return of(target, type, MethodHandles.lookup());
  }

  /** A query for records that {@code lookup} may make. */
  public static <T extends Record> RecordQuery<T> of(
      String target, Class<T> type, MethodHandles.Lookup lookup) {
    return new RecordQuery<>(of(target, RecordMapper.columns(type)), type, lookup);
  }

  /** The same, only of objects for which this holds as well. */
  public Query where(String condition) {
    List<QueryText.Source> more = new ArrayList<>(conditions);
    more.add(new QueryText.Source(condition, Parser.expression(condition)));
    return new Query(target, columns, more, raw);
  }

  /** The same, with numbers and bytes also where a type has a more readable form. */
  public Query raw() {
    return new Query(target, columns, conditions, true);
  }

  /** Name or path of the target, as it was given. */
  public String target() {
    return target;
  }

  /**
   * Compiles the query for a kernel and loads it. The caller owns what is loaded.
   *
   * @param parameter what of the target to walk
   * @throws QueryException when the kernel has no such fields, or they do not go together
   * @throws RequestException when it has no such target
   * @throws VerifierException when it refuses the program; the message says which column's
   */
  public LoadedQuery load(Kernel kernel, Parameter parameter) {
    return LoadedQuery.load(this, kernel, parameter);
  }

  /** Compiles the query for a kernel and loads it for all of its target. */
  public LoadedQuery load(Kernel kernel) {
    return load(kernel, new Parameter.None());
  }

  /**
   * Compiles the query to a program that writes lines of text, a header first, and loads it: who
   * reads such a dumper needs nothing that knows of queries. The program's first source line is the
   * query's text, in a file {@code bpfdump query}.
   *
   * @param load loads a program, for this kernel; it is called again with another program when one
   *     is refused that can be made otherwise
   * @return what {@code load} returned; the caller's, if it is to be closed
   * @throws QueryException when the kernel has no such fields, or they do not go together
   * @throws RequestException when it has no such target
   * @throws VerifierException when it refuses the program; the message says which column's
   */
  public <D> D loadText(
      TextFormat format, Kernel kernel, Function<? super ProgramSpec, ? extends D> load) {
    return LoadedQuery.text(this, format, kernel, load);
  }

  List<QueryText.Column> columns() {
    return columns;
  }

  List<QueryText.Source> conditions() {
    return conditions;
  }

  boolean isRaw() {
    return raw;
  }
}
