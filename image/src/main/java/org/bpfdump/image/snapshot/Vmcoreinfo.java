// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a kernel says of itself to those who read its memory: lines of {@code KEY=value}. Source:
 * Documentation/admin-guide/kdump/vmcoreinfo.rst. A line that is none, or a number that is none, is
 * as one that is not there.
 */
public final class Vmcoreinfo {
  /** Lines that are looked at; kernels write some 150. */
  private static final int MOST = 10_000;

  private final Map<String, String> values = new HashMap<>();

  /** Of the text of the note. */
  public Vmcoreinfo(byte[] text) {
    int lines = 0;
    int start = 0;
    while (start < text.length && lines++ < MOST) {
      int end = start;
      int equals = -1;
      while (end < text.length && text[end] != '\n' && text[end] != 0) {
        if (equals < 0 && text[end] == '=') {
          equals = end;
        }
        end++;
      }
      if (equals > start) {
        values.putIfAbsent(
            new String(text, start, equals - start, StandardCharsets.ISO_8859_1),
            new String(text, equals + 1, end - equals - 1, StandardCharsets.UTF_8));
      }
      if (end < text.length && text[end] == 0) {
        return;
      }
      start = end + 1;
    }
  }

  /** A value as it is written. */
  public Optional<String> text(String key) {
    return Optional.ofNullable(values.get(key));
  }

  /** The address of a variable, {@code SYMBOL(name)}. */
  public OptionalLong symbol(String name) {
    return hexadecimal("SYMBOL(" + name + ")");
  }

  /** A number, {@code NUMBER(name)}. */
  public OptionalLong number(String name) {
    return decimal("NUMBER(" + name + ")");
  }

  /** The kernel's distance from where it was linked to be, {@code KERNELOFFSET}. */
  public OptionalLong kernelOffset() {
    return hexadecimal("KERNELOFFSET");
  }

  private OptionalLong hexadecimal(String key) {
    String value = values.get(key);
    try {
      return value == null
          ? OptionalLong.empty()
          : OptionalLong.of(Long.parseUnsignedLong(value.strip(), 16));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  private OptionalLong decimal(String key) {
    String value = values.get(key);
    try {
      if (value == null) {
        return OptionalLong.empty();
      }
      String number = value.strip();
      return OptionalLong.of(
          number.startsWith("0x")
              ? Long.parseUnsignedLong(number.substring(2), 16)
              : Long.parseLong(number));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }
}
