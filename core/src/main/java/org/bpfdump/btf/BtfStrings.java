// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.btf;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.bpfdump.error.MalformedException;

/** A string section that grows, each string once. Offsets count from the start of the base's. */
final class BtfStrings {
  /** {@code BTF_MAX_NAME_OFFSET} of the kernel's header. */
  private static final int MAX_OFFSET = 0xFFFFFF;

  private final int first;
  private byte[] bytes;
  private int length;

  /** Offsets of the strings; filled when the first string is asked for. */
  private Map<String, Integer> offsets;

  private BtfStrings(int first, byte[] bytes, int length) {
    this.first = first;
    this.bytes = bytes;
    this.length = length;
  }

  static BtfStrings empty() {
    return new BtfStrings(0, new byte[256], 1);
  }

  static BtfStrings continuing(int first) {
    return new BtfStrings(first, new byte[256], 0);
  }

  static BtfStrings copyOf(BtfData data) {
    byte[] copy = data.strings();
    boolean rootless = data.stringsBase() == 0 && copy.length == 0;
    return rootless ? empty() : new BtfStrings(data.stringsBase(), copy, copy.length);
  }

  int offset(String string) {
    if (string.isEmpty()) {
      return 0;
    }
    if (offsets == null) {
      offsets = index();
    }
    Integer known = offsets.get(string);
    if (known != null) {
      return known;
    }
    if (string.indexOf('\0') >= 0) {
      throw new MalformedException("a BTF string cannot hold a NUL", -1);
    }
    int offset = first + length;
    byte[] utf8 = string.getBytes(StandardCharsets.UTF_8);
    if (utf8.length > MAX_OFFSET - offset) {
      throw new MalformedException("BTF strings exceed " + MAX_OFFSET + " bytes", -1);
    }
    int end = length + utf8.length + 1;
    if (end > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
    }
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length = end;
    offsets.put(string, offset);
    return offset;
  }

  private Map<String, Integer> index() {
    Map<String, Integer> index = new HashMap<>();
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == 0) {
        index.putIfAbsent(
            new String(bytes, start, i - start, StandardCharsets.UTF_8), first + start);
        start = i + 1;
      }
    }
    return index;
  }

  /** The section, in the first {@link #length()} bytes. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }
}
