// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Symbols that were read from a table of their own: a module's, or a file's of the user. */
final class SymbolTable implements Symbols {
  private final String[] names;
  private final long[] addresses;
  private final char[] letters;
  private final Lazy<Map<String, Integer>> byName = new Lazy<>(this::names);
  private final Lazy<Integer[]> byAddress = new Lazy<>(this::addresses);

  private SymbolTable(String[] names, long[] addresses, char[] letters) {
    this.names = names;
    this.addresses = addresses;
    this.letters = letters;
  }

  /** Takes symbols one after the other. */
  static final class Builder {
    private String[] names = new String[1024];
    private long[] addresses = new long[1024];
    private char[] letters = new char[1024];
    private int count;

    void add(String name, long address, char letter) {
      if (count == names.length) {
        names = Arrays.copyOf(names, 2 * count);
        addresses = Arrays.copyOf(addresses, 2 * count);
        letters = Arrays.copyOf(letters, 2 * count);
      }
      names[count] = name;
      addresses[count] = address;
      letters[count++] = letter;
    }

    int count() {
      return count;
    }

    SymbolTable build() {
      return new SymbolTable(
          Arrays.copyOf(names, count),
          Arrays.copyOf(addresses, count),
          Arrays.copyOf(letters, count));
    }
  }

  /** The same, with every address from one on moved. */
  SymbolTable moved(long from, long distance) {
    long[] moved = addresses.clone();
    for (int i = 0; i < moved.length; i++) {
      if (Long.compareUnsigned(moved[i], from) >= 0) {
        moved[i] += distance;
      }
    }
    return new SymbolTable(names, moved, letters);
  }

  private Map<String, Integer> names() {
    Map<String, Integer> index = HashMap.newHashMap(names.length);
    for (int i = 0; i < names.length; i++) {
      index.putIfAbsent(names[i], i);
    }
    return index;
  }

  private Integer[] addresses() {
    Integer[] order = new Integer[names.length];
    Arrays.setAll(order, i -> i);
    // Keeps the order of those at one address.
    Arrays.sort(order, (a, b) -> Long.compareUnsigned(addresses[a], addresses[b]));
    return order;
  }

  @Override
  public int count() {
    return names.length;
  }

  @Override
  public String name(int index) {
    return names[index];
  }

  @Override
  public long address(int index) {
    return addresses[index];
  }

  @Override
  public char type(int index) {
    return letters[index];
  }

  @Override
  public OptionalLong find(String name) {
    Integer index = byName.get().get(name);
    return index == null ? OptionalLong.empty() : OptionalLong.of(addresses[index]);
  }

  @Override
  public int below(long address) {
    Integer[] order = byAddress.get();
    int low = 0;
    int high = order.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(addresses[order[middle]], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    while (low > 1 && addresses[order[low - 2]] == addresses[order[low - 1]]) {
      low--;
    }
    return low == 0 ? -1 : order[low - 1];
  }
}
