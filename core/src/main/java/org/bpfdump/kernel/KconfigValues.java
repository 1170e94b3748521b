// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.bpfdump.error.RelocationException;
import org.bpfdump.spec.KconfigExtern;
import org.bpfdump.spec.MapContents;

/**
 * Writes a kernel's configuration where a program's extern variables want it. The values are those
 * of a kernel's {@code .config}: {@code y}, {@code m}, numbers, quoted strings.
 */
public final class KconfigValues {
  private KconfigValues() {}

  /**
   * The value of a program's {@code .kconfig} map.
   *
   * @param order byte order of the kernel
   * @param options gives an option's value as text, or empty where it is not set
   * @throws RelocationException when an option is missing that must not be, or does not fit its
   *     variable
   */
  public static byte[] fill(
      MapContents.Kconfig wanted, ByteOrder order, Function<String, Optional<String>> options) {
    byte[] bytes = new byte[wanted.size()];
    ByteBuffer into = ByteBuffer.wrap(bytes).order(order);
    for (KconfigExtern extern : wanted.externs()) {
      Optional<String> value = options.apply(extern.name());
      if (value.isPresent()) {
        put(into, extern, value.get());
      } else if (!extern.weak()) {
        throw new RelocationException(
            "cannot resolve "
                + extern.name()
                + ": this kernel's configuration does not set it; declare it __weak to take 0"
                + " instead");
      }
    }
    return bytes;
  }

  private static void put(ByteBuffer into, KconfigExtern extern, String value) {
    if (value.length() == 1 && "ynm".contains(value)) {
      putTristate(into, extern, value.charAt(0));
    } else if (value.startsWith("\"")) {
      putString(into, extern, value);
    } else {
      putNumber(into, extern, value);
    }
  }

  private static void putTristate(ByteBuffer into, KconfigExtern extern, char value) {
    switch (extern.form()) {
      case BOOL -> {
        if (value == 'm') {
          throw mismatch(extern, "m", "bool");
        }
        into.put(extern.offset(), (byte) (value == 'y' ? 1 : 0));
      }
      case TRISTATE -> putInteger(into, extern, value == 'y' ? 1 : value == 'm' ? 2 : 0);
      case CHAR -> into.put(extern.offset(), (byte) value);
      case SIGNED, UNSIGNED -> throw mismatch(extern, String.valueOf(value), "integer");
      case STRING -> throw mismatch(extern, String.valueOf(value), "string");
    }
  }

  private static void putString(ByteBuffer into, KconfigExtern extern, String value) {
    if (extern.form() != KconfigExtern.Form.STRING) {
      throw mismatch(extern, value, extern.form().name().toLowerCase(java.util.Locale.ROOT));
    }
    int end = value.endsWith("\"") && value.length() > 1 ? value.length() - 1 : value.length();
    byte[] text = value.substring(1, end).getBytes(StandardCharsets.UTF_8);
    // The last byte stays the NUL.
    into.put(extern.offset(), text, 0, Math.min(text.length, extern.size() - 1));
  }

  private static void putNumber(ByteBuffer into, KconfigExtern extern, String value) {
    long number;
    try {
      number =
          value.startsWith("0x") || value.startsWith("0X")
              ? Long.parseUnsignedLong(value.substring(2), 16)
              : value.startsWith("-") ? Long.parseLong(value) : Long.parseUnsignedLong(value);
    } catch (NumberFormatException _) {
      throw mismatch(extern, value, extern.form().name().toLowerCase(java.util.Locale.ROOT));
    }
    switch (extern.form()) {
      case SIGNED, UNSIGNED, CHAR -> {
        if (!fits(number, extern.size(), extern.form() != KconfigExtern.Form.UNSIGNED)) {
          throw mismatch(extern, value, "integer of " + extern.size() + " bytes");
        }
        putInteger(into, extern, number);
      }
      case BOOL -> throw mismatch(extern, value, "bool");
      case TRISTATE -> throw mismatch(extern, value, "tristate");
      case STRING -> throw mismatch(extern, value, "string");
    }
  }

  private static boolean fits(long number, int size, boolean signed) {
    if (size == 8) {
      return true;
    }
    int bits = 8 * size;
    return signed ? number >= -1L << (bits - 1) && number < 1L << (bits - 1) : number >>> bits == 0;
  }

  private static void putInteger(ByteBuffer into, KconfigExtern extern, long number) {
    int at = extern.offset();
    switch (extern.size()) {
      case 1 -> into.put(at, (byte) number);
      case 2 -> into.putShort(at, (short) number);
      case 4 -> into.putInt(at, (int) number);
      case 8 -> into.putLong(at, number);
      default -> throw mismatch(extern, Long.toString(number), extern.size() + " bytes");
    }
  }

  private static RelocationException mismatch(KconfigExtern extern, String value, String type) {
    return new RelocationException(
        "cannot resolve "
            + extern.name()
            + ": its value "
            + value
            + " does not fit the variable, which is declared as "
            + type);
  }
}
