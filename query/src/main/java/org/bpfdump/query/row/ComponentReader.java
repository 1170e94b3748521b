// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.row;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.RecordComponent;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bpfdump.error.RequestException;
import org.bpfdump.query.Row;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.render.CellWriter;
import org.bpfdump.query.render.TextBuffer;
import org.bpfdump.query.render.Users;

/** Takes one component of a record from a row. */
final class ComponentReader {
  private final int column;
  private final String name;
  private final Class<?> type;
  private final boolean unsigned;
  private final CellWriter writer;
  private final TextBuffer buffer = new TextBuffer();

  /** The last text and its bytes: rows that follow each other often say the same. */
  private String text = "";

  private byte[] textBytes = new byte[0];
  private ByteBuffer textView = ByteBuffer.wrap(textBytes);

  /** Whether the row's own bytes are the text. */
  private final boolean plain;

  ComponentReader(int column, Column of, RecordComponent component, Users users) {
    this.column = column;
    this.name = component.getName();
    this.type = component.getType();
    this.writer = new CellWriter(column, of, users);
    this.plain = of.cell() instanceof Cell.Characters;
    boolean number = false;
    boolean wide = false;
    switch (of.cell()) {
      case Cell.Scalar scalar -> {
        number = true;
        switch (scalar.value().type()) {
          case Type.Int value -> wide = !value.signed() && value.bytes() == 8;
          case Type.Pointer _ -> wide = true;
        }
      }
      case Cell.Characters _ -> {}
      case Cell.Bytes _, Cell.Address _ -> {}
    }
    this.unsigned = wide;
    boolean takes =
        type == String.class || (number ? method().startsWith("to") : type == byte[].class);
    if (!takes) {
      throw new RequestException(
          "component "
              + name
              + " is a "
              + type.getSimpleName()
              + ", which cannot hold "
              + of.text()
              + ": declare it as "
              + (number ? "a number, boolean or String" : "String or byte[]"));
    }
  }

  private String method() {
    if (type == int.class || type == Integer.class) {
      return "toInt";
    }
    if (type == long.class || type == Long.class) {
      return "toLong";
    }
    if (type == short.class || type == Short.class) {
      return "toShort";
    }
    if (type == byte.class || type == Byte.class) {
      return "toByte";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "toBoolean";
    }
    return type == byte[].class ? "bytes" : "text";
  }

  /** From a row to the component's value; bound to this. */
  MethodHandle handle() {
    boolean primitive = type.isPrimitive();
    Class<?> gives =
        switch (method()) {
          case "toInt" -> int.class;
          case "toLong" -> long.class;
          case "toShort" -> short.class;
          case "toByte" -> byte.class;
          case "toBoolean" -> boolean.class;
          case "bytes" -> byte[].class;
          default -> String.class;
        };
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      MethodHandle read =
          lookup
              .findVirtual(ComponentReader.class, method(), methodType(gives, Row.class))
              .bindTo(this);
      if (primitive || !gives.isPrimitive()) {
        return read;
      }
      MethodHandle isNull =
          lookup
              .findVirtual(ComponentReader.class, "isNull", methodType(boolean.class, Row.class))
              .bindTo(this);
      MethodHandle none =
          MethodHandles.dropArguments(MethodHandles.constant(type, null), 0, Row.class);
      return MethodHandles.guardWithTest(isNull, none, read.asType(methodType(type, Row.class)));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      throw new LinkageError("this class lacks its own methods", e);
    }
  }

  boolean isNull(Row row) {
    return row.isNull(column);
  }

  int toInt(Row row) {
    long value = number(row);
    return value == (int) value ? (int) value : (int) tooLarge(value);
  }

  long toLong(Row row) {
    return number(row);
  }

  short toShort(Row row) {
    long value = number(row);
    return value == (short) value ? (short) value : (short) tooLarge(value);
  }

  byte toByte(Row row) {
    long value = number(row);
    return value == (byte) value ? (byte) value : (byte) tooLarge(value);
  }

  boolean toBoolean(Row row) {
    return number(row) != 0;
  }

  byte[] bytes(Row row) {
    if (row.isNull(column)) {
      return null;
    }
    ByteBuffer bytes = row.bytes(column);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(bytes.position(), copy);
    return copy;
  }

  String text(Row row) {
    if (row.isNull(column)) {
      return null;
    }
    if (plain) {
      ByteBuffer bytes = row.bytes(column);
      return bytes.equals(textView) ? text : keep(bytes);
    }
    buffer.truncate(0);
    writer.write(row, buffer);
    int size = buffer.size();
    return Arrays.equals(textBytes, 0, textBytes.length, buffer.array(), 0, size)
        ? text
        : keep(ByteBuffer.wrap(buffer.array(), 0, size));
  }

  private String keep(ByteBuffer bytes) {
    textBytes = new byte[bytes.remaining()];
    bytes.get(bytes.position(), textBytes);
    textView = ByteBuffer.wrap(textBytes);
    text = new String(textBytes, StandardCharsets.UTF_8);
    return text;
  }

  private long number(Row row) {
    if (row.isNull(column)) {
      throw new RequestException(
          name
              + " is NULL in a row, which "
              + type.getSimpleName()
              + " cannot say: declare the component as a class, "
              + boxed());
    }
    return row.number(column);
  }

  private String boxed() {
    return methodType(type).wrap().returnType().getSimpleName();
  }

  private long tooLarge(long value) {
    throw new RequestException(
        name
            + " is "
            + (unsigned ? Long.toUnsignedString(value) : Long.toString(value))
            + " in a row, which "
            + type.getSimpleName()
            + " cannot hold: declare the component as long");
  }
}
