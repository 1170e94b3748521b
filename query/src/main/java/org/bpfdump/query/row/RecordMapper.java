// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.row;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.query.Field;
import org.bpfdump.query.Row;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.render.Users;

/**
 * Makes a record of each row. One method handle does it all: the record's constructor, each of its
 * arguments taken from the row.
 */
public final class RecordMapper<T extends Record> {
  private final Class<T> type;
  private final MethodHandle maker;

  /**
   * For rows of these columns, which are the record's components in order.
   *
   * @param lookup what may call the record's constructor
   * @throws RequestException when it may not, or a component cannot hold its column
   */
  public RecordMapper(Class<T> type, MethodHandles.Lookup lookup, List<Column> columns) {
    this.type = type;
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    MethodHandle[] cells = new MethodHandle[components.length];
    Users users = new Users();
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      cells[i] =
          new ComponentReader(i, columns.get(i), components[i], users)
              .handle()
              .asType(methodType(types[i], Row.class));
    }
    try {
      MethodHandle constructor =
          MethodHandles.privateLookupIn(type, lookup)
              .findConstructor(type, methodType(void.class, types));
      MethodHandle each = MethodHandles.filterArguments(constructor, 0, cells);
      MethodHandle once =
          MethodHandles.permuteArguments(
              each, methodType(type, Row.class), new int[components.length]);
      maker = once.asType(methodType(Record.class, Row.class));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      throw new RequestException(
          "cannot make records of "
              + type.getName()
              + ": "
              + e.getMessage()
              + "; open its package to org.bpfdump.query, or hand over a lookup");
    }
  }

  /** The columns that a record type asks for: {@code label = expression}. */
  public static List<String> columns(Class<? extends Record> type) {
    List<String> columns = new ArrayList<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Field field = component.getAnnotation(Field.class);
      columns.add(
          component.getName() + " = " + (field == null ? component.getName() : field.value()));
    }
    return columns;
  }

  /** The record of the row that the reader stands at. */
  public T map(Row row) {
    try {
      return type.cast((Record) maker.invokeExact(row));
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException("a record's constructor threw " + e, e);
    }
  }

  @Override
  public String toString() {
    return type.getSimpleName() + Arrays.toString(type.getRecordComponents());
  }
}
