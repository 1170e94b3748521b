// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import java.lang.invoke.MethodHandles;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.ReadAhead;
import org.bpfdump.query.row.RecordMapper;

/**
 * A query whose rows are records of type {@code T}: each component is a column, by its {@link
 * Field} or else its name. A component of a primitive type is never NULL: a row in which it would
 * be is an error.
 */
public final class RecordQuery<T extends Record> {
  private final Query query;
  private final Class<T> type;
  private final MethodHandles.Lookup lookup;

  RecordQuery(Query query, Class<T> type, MethodHandles.Lookup lookup) {
    this.query = query;
    this.type = type;
    this.lookup = lookup;
  }

  /** The same, only of objects for which this holds as well. */
  public RecordQuery<T> where(String condition) {
    return new RecordQuery<>(query.where(condition), type, lookup);
  }

  /** The query on one kernel, which stays the caller's. */
  public OnKernel<T> on(Kernel kernel) {
    return new OnKernel<>(this, kernel);
  }

  /** A query of records on one kernel. */
  public static final class OnKernel<T extends Record> {
    private final RecordQuery<T> query;
    private final Kernel kernel;

    private OnKernel(RecordQuery<T> query, Kernel kernel) {
      this.query = query;
      this.kernel = kernel;
    }

    /** Starts a pass over all of the target. The caller owns the rows. */
    public Rows<T> rows() {
      return rows(new Parameter.None());
    }

    /** Starts a pass over a part of the target. The caller owns the rows. */
    public Rows<T> rows(Parameter parameter) {
      LoadedQuery loaded = query.query.load(kernel, parameter);
      try {
        RecordMapper<T> mapper =
            new RecordMapper<>(query.type, query.lookup, loaded.plan().columns());
        return new Rows<>(loaded, loaded.open(it -> new ReadAhead(it.open())), mapper);
      } catch (BpfdumpException e) {
        loaded.close();
        throw e;
      }
    }
  }
}
