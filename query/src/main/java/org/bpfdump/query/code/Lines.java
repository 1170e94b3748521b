// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.List;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Type;

/**
 * How the cells of a line of text stand. A program knows a row at a time, so that widths come from
 * labels and types, as those of ps do: a cell that is longer pushes the rest of its line.
 */
final class Lines {
  private static final int FLAGS = 16;
  private static final int STRING = 24;
  private static final int PATH = 40;
  private static final int SYMBOL = 32;

  /** Digits that numbers of 1, 2, 4 and 8 bytes usually have at most. */
  private static final int[] DIGITS = {0, 4, 6, 0, 8, 0, 0, 0, 12};

  private static final int DURATION = 12;

  /** Of one column. */
  record Shape(int width, boolean right, String after) {
    /** A phrase as a whole cell. */
    String cell(String phrase) {
      String blanks = " ".repeat(Math.max(0, width - phrase.codePointCount(0, phrase.length())));
      return (right ? blanks + phrase : phrase + blanks) + after;
    }
  }

  private final List<Column> columns;
  private final boolean padded;

  Lines(List<Column> columns, Form form) {
    this.columns = columns;
    this.padded = form == Form.TABLE;
  }

  /** How a column stands; the last one is not padded at its right. */
  Shape shape(int column) {
    Column of = columns.get(column);
    boolean last = column == columns.size() - 1;
    boolean right = padded && right(of.cell());
    int width = 0;
    if (padded && (right || !last)) {
      String label = clean(of.label());
      width = Math.max(label.codePointCount(0, label.length()), width(of.cell()));
      width = Math.min(width, Phrases.MOST_BLANKS - 1);
    }
    return new Shape(width, right, last ? "\n" : padded ? " " : "\t");
  }

  /** The first line. */
  String header() {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < columns.size(); i++) {
      line.append(shape(i).cell(clean(columns.get(i).label())));
    }
    return line.toString();
  }

  /** A text without what would break a line, as a program writes it. */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder(text);
    for (int i = 0; i < clean.length(); i++) {
      if (clean.charAt(i) < ' ' || clean.charAt(i) == 0x7F) {
        clean.setCharAt(i, '?');
      }
    }
    return clean.toString();
  }

  private static boolean right(Cell cell) {
    return cell instanceof Cell.Scalar scalar
        && switch (scalar.shown()) {
          case Shown.Decimal _, Shown.Port _, Shown.Duration _, Shown.User _, Shown.Ipv6 _ -> true;
          // The kernel's formats cannot put 0x before a number that stands right.
          case Shown.Hexadecimal _,
              Shown.Hexdump _,
              Shown.Truth _,
              Shown.Letter _,
              Shown.Enumerators _,
              Shown.Flags _,
              Shown.Ipv4 _ ->
              false;
        };
  }

  private static int width(Cell cell) {
    return switch (cell) {
      case Cell.Scalar(var value, Shown shown) -> {
        int bytes = value.type() instanceof Type.Int type ? type.bytes() : 8;
        yield switch (shown) {
          case Shown.Decimal _, Shown.User _, Shown.Ipv6 _ -> DIGITS[bytes];
          case Shown.Hexadecimal _, Shown.Hexdump _ -> 2 + 2 * bytes;
          case Shown.Truth _ -> "false".length();
          case Shown.Letter _ -> 1;
          case Shown.Enumerators enumerators -> {
            int longest = 1;
            for (var enumerator : enumerators.values()) {
              longest = Math.max(longest, enumerator.name().length());
            }
            yield Math.min(longest, SYMBOL);
          }
          case Shown.Flags _ -> FLAGS;
          case Shown.Port _ -> 5;
          case Shown.Ipv4 _ -> 15;
          case Shown.Duration _ -> DURATION;
        };
      }
      case Cell.Bytes(_, int length, Shown shown) ->
          shown instanceof Shown.Ipv6
              ? 39
              : shown instanceof Shown.Ipv4 ? 15 : Math.min(2 * length, PATH);
      case Cell.Address(_, _, Shown shown) -> shown instanceof Shown.Ipv6 ? 39 : 32;
      case Cell.Characters(Text text) -> width(text);
    };
  }

  private static int width(Text text) {
    return switch (text) {
      case Text.CharArray array -> Math.min(array.length(), STRING);
      case Text.StringAt string -> Math.min(string.max(), STRING);
      case Text.PathOf _ -> PATH;
      case Text.SymbolAt _ -> SYMBOL;
      case Text.Counted counted -> Math.min(counted.max(), STRING);
      case Text.Joined joined -> joined.before().length() + width(joined.after());
      case Text.Choice choice -> Math.max(width(choice.yes()), width(choice.no()));
      case Text.Literal literal -> Math.min(literal.value().length(), PATH);
    };
  }
}
