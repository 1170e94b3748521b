// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalLong;

/**
 * The kernel's own table of its symbols, as it is in memory: names stay compressed and addresses
 * relative, so that it costs some 15 bytes a symbol.
 */
final class Kallsyms implements Symbols {
  private final byte[] names;
  private final int[] starts;
  private final Tokens tokens;
  private final int[] offsets;
  private final AddressScheme scheme;
  private final long base;
  private final long table;
  private final Lazy<int[]> hashes;

  /**
   * @param names compressed, each after its length
   * @param starts where each name's length is
   * @param base what relative addresses are from, by the scheme
   * @param table where {@code offsets} are in the kernel
   */
  Kallsyms(
      byte[] names,
      int[] starts,
      Tokens tokens,
      int[] offsets,
      AddressScheme scheme,
      long base,
      long table) {
    this(names, starts, tokens, offsets, scheme, base, table, null);
  }

  private Kallsyms(
      byte[] names,
      int[] starts,
      Tokens tokens,
      int[] offsets,
      AddressScheme scheme,
      long base,
      long table,
      Lazy<int[]> hashes) {
    this.names = names;
    this.starts = starts;
    this.tokens = tokens;
    this.offsets = offsets;
    this.scheme = scheme;
    this.base = base;
    this.table = table;
    this.hashes = hashes == null ? new Lazy<>(this::hash) : hashes;
  }

  /** The same symbols with their addresses by another scheme. */
  Kallsyms by(AddressScheme other) {
    return new Kallsyms(names, starts, tokens, offsets, other, base, table, hashes);
  }

  /** Bytes of the length in front of a name: 2 when the first has its top bit set. */
  static int lengthBytes(byte[] names, int at) {
    return names[at] < 0 ? 2 : 1;
  }

  /** How many bytes a compressed name has. */
  static int length(byte[] names, int at) {
    int first = names[at] & 0xFF;
    return first < 0x80 ? first : (first & 0x7F) | (names[at + 1] & 0xFF) << 7;
  }

  @Override
  public int count() {
    return starts.length;
  }

  @Override
  public String name(int index) {
    return new String(bytes(index), StandardCharsets.UTF_8);
  }

  @Override
  public int copyName(int index, byte[] into, int at, int most) {
    return tokens.copy(names, from(index), length(names, starts[index]), into, at, most);
  }

  @Override
  public int nameOffset(int index) {
    return index < starts.length ? starts[index] : names.length;
  }

  private byte[] bytes(int index) {
    byte[] name = tokens.expand(names, from(index), length(names, starts[index]));
    return Arrays.copyOfRange(name, Math.min(1, name.length), name.length);
  }

  @Override
  public char type(int index) {
    return tokens.letter(names, from(index), length(names, starts[index]));
  }

  private int from(int index) {
    return starts[index] + lengthBytes(names, starts[index]);
  }

  @Override
  public long address(int index) {
    return scheme.address(base, table, index, offsets[index]);
  }

  @Override
  public OptionalLong find(String name) {
    int index = indexOf(name);
    return index < 0 ? OptionalLong.empty() : OptionalLong.of(address(index));
  }

  /**
   * The first symbol of a name, or -1. Looks at all hashes: so few names are asked for that a table
   * of them takes longer to make than it saves.
   */
  int indexOf(String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    int wanted = Tokens.hash(bytes);
    int[] all = hashes.get();
    for (int i = 0; i < all.length; i++) {
      if (all[i] == wanted && tokens.is(bytes, names, from(i), length(names, starts[i]))) {
        return i;
      }
    }
    return -1;
  }

  private int[] hash() {
    int[] all = new int[starts.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = tokens.hash(names, from(i), length(names, starts[i]));
    }
    return all;
  }

  @Override
  public int below(long address) {
    int low = 0;
    int high = starts.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(address(middle), address) <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int found = low - 1;
    while (found > 0 && address(found - 1) == address(found)) {
      found--;
    }
    return found;
  }
}
