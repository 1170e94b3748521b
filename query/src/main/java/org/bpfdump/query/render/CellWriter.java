// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.btf.BtfType;
import org.bpfdump.query.Row;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Type;

/**
 * Writes the cells of one column as a person reads them. Texts are written as they are: what a
 * format cannot bear in them is for the format to escape.
 */
public final class CellWriter {
  private static final Shown AS_TEXT = new Shown.Decimal();

  private final int column;
  private final boolean number;
  private final boolean signed;
  private final int bytes;
  private final Shown shown;

  /** Whether it is shown as it is: as nearly all are, and as most switches would find out last. */
  private final boolean plain;

  private final Map<Long, String> names;
  private final Users users;

  /**
   * Of one column.
   *
   * @param column its position
   * @param users where names of users are looked up
   */
  public CellWriter(int column, Column of, Users users) {
    this.column = column;
    this.users = users;
    switch (of.cell()) {
      case Cell.Scalar scalar -> {
        number = true;
        shown = scalar.shown();
        switch (scalar.value().type()) {
          case Type.Int type -> {
            signed = type.signed();
            bytes = type.bytes();
          }
          case Type.Pointer _ -> {
            signed = false;
            bytes = 8;
          }
        }
      }
      case Cell.Bytes cell -> {
        number = false;
        signed = false;
        bytes = cell.length();
        shown = cell.shown();
      }
      case Cell.Address cell -> {
        number = false;
        signed = false;
        bytes = 16;
        shown = cell.shown();
      }
      case Cell.Characters _ -> {
        number = false;
        signed = false;
        bytes = 0;
        shown = AS_TEXT;
      }
    }
    names = names(shown);
    plain = shown instanceof Shown.Decimal;
  }

  private static Map<Long, String> names(Shown shown) {
    Map<Long, String> names = new HashMap<>();
    if (shown instanceof Shown.Enumerators enumerators) {
      for (BtfType.Enumerator value : enumerators.values()) {
        names.putIfAbsent(value.value(), value.name());
      }
    }
    return names;
  }

  /** Writes the cell of a row; nothing for NULL. */
  public void write(Row row, TextBuffer out) {
    if (row.isNull(column)) {
      return;
    }
    if (number && plain) {
      decimal(row.number(column), out);
    } else if (number) {
      writeNumber(row.number(column), out);
    } else if (plain) {
      out.put(row.bytes(column));
    } else {
      writeBytes(row.bytes(column), out);
    }
  }

  private void writeNumber(long value, TextBuffer out) {
    switch (shown) {
      case Shown.Hexadecimal _, Shown.Hexdump _ -> out.put("0x").putHex(cut(value));
      case Shown.Truth _ -> out.put(value == 0 ? "false" : "true");
      case Shown.Letter _ -> out.put(new String(Character.toChars((int) value & 0xFF)));
      case Shown.Enumerators _ -> {
        String name = names.get(value);
        if (name == null) {
          decimal(value, out);
        } else {
          out.put(name);
        }
      }
      case Shown.Flags flags -> flags(cut(value), flags.bits(), out);
      case Shown.Port _ -> out.putUnsigned(Short.reverseBytes((short) value) & 0xFFFF);
      case Shown.Ipv4 _ -> ipv4(value, out);
      case Shown.User _ -> out.put(users.name(value));
      case Shown.Duration _ -> duration(value, out);
      case Shown.Decimal _, Shown.Ipv6 _ -> decimal(value, out);
    }
  }

  private void writeBytes(ByteBuffer value, TextBuffer out) {
    switch (shown) {
      case Shown.Ipv6 _ when value.remaining() == 16 -> Ipv6.write(value, out);
      case Shown.Ipv4 _, Shown.Ipv6 _ -> {
        for (int i = 0; i < value.remaining(); i++) {
          out.put(i == 0 ? "" : ".").putUnsigned(value.get(value.position() + i) & 0xFF);
        }
      }
      case Shown.Hexdump _ -> {
        for (int i = value.position(); i < value.limit(); i++) {
          out.putHex(value.get(i), 2);
        }
      }
      case Shown.Decimal _,
          Shown.Hexadecimal _,
          Shown.Truth _,
          Shown.Letter _,
          Shown.Enumerators _,
          Shown.Flags _,
          Shown.Port _,
          Shown.User _,
          Shown.Duration _ ->
          out.put(value);
    }
  }

  /** A number without the copies of its sign. */
  private long cut(long value) {
    return bytes == 8 ? value : value & ((1L << (8 * bytes)) - 1);
  }

  private void decimal(long value, TextBuffer out) {
    if (signed) {
      out.putDecimal(value);
    } else {
      out.putUnsigned(value);
    }
  }

  /** The names of the bits; several bits can have one name, which then says it of all of them. */
  private static void flags(long value, List<BtfType.Enumerator> bits, TextBuffer out) {
    long rest = value;
    int start = out.size();
    for (BtfType.Enumerator bit : bits) {
      if (bit.value() != 0 && (value & bit.value()) == bit.value()) {
        out.put(out.size() == start ? "" : "|").put(bit.name());
        rest &= ~bit.value();
      }
    }
    if (rest != 0 || out.size() == start) {
      out.put(out.size() == start ? "" : "|").put(rest == 0 ? "0" : "0x");
      if (rest != 0) {
        out.putHex(rest);
      }
    }
  }

  /** Four bytes that were read as one number by this machine. */
  private static void ipv4(long value, TextBuffer out) {
    boolean little = ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN;
    int number = little ? Integer.reverseBytes((int) value) : (int) value;
    for (int shift = 24; shift >= 0; shift -= 8) {
      out.putUnsigned(number >>> shift & 0xFF).put(shift == 0 ? "" : ".");
    }
  }

  /** {@code 1d02:03:04.567}: days, hours, minutes, seconds; what is zero in front is left out. */
  private static void duration(long nanoseconds, TextBuffer out) {
    long value = nanoseconds;
    if (value < 0) {
      out.put('-');
      value = value == Long.MIN_VALUE ? Long.MAX_VALUE : -value;
    }
    long seconds = value / 1_000_000_000;
    long days = seconds / 86_400;
    long hours = seconds / 3_600 % 24;
    long minutes = seconds / 60 % 60;
    if (days > 0) {
      out.putUnsigned(days).put('d');
      two(hours, out);
      out.put(':');
    } else if (hours > 0) {
      out.putUnsigned(hours).put(':');
    }
    if (days > 0 || hours > 0) {
      two(minutes, out);
      out.put(':');
      two(seconds % 60, out);
    } else if (minutes > 0) {
      out.putUnsigned(minutes).put(':');
      two(seconds % 60, out);
    } else {
      out.putUnsigned(seconds % 60);
    }
    long milliseconds = value / 1_000_000 % 1_000;
    out.put('.').putUnsigned(milliseconds / 100).putUnsigned(milliseconds / 10 % 10);
    out.putUnsigned(milliseconds % 10);
    if (days == 0 && hours == 0 && minutes == 0) {
      out.put('s');
    }
  }

  private static void two(long value, TextBuffer out) {
    out.putUnsigned(value / 10).putUnsigned(value % 10);
  }
}
