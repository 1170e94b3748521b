// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;

/** Finds the kernel's table of symbols in its memory, by what VMCOREINFO says (since Linux 6.0). */
final class KallsymsReader {
  /** More symbols than any kernel has. */
  private static final int MOST = 1 << 22;

  /** More bytes of names than any kernel has. */
  private static final int MOST_BYTES = 1 << 26;

  /** Names that one address has at most. */
  private static final int MOST_ALIASES = 64;

  /**
   * Symbols whose addresses VMCOREINFO tells: by them a scheme is judged. Not all kernels have more
   * than functions in their table.
   */
  private static final List<String> KNOWN = List.of("_stext", "init_uts_ns");

  private final Vmcoreinfo info;
  private final VirtualMemory memory;

  KallsymsReader(Vmcoreinfo info, VirtualMemory memory) {
    this.info = info;
    this.memory = memory;
  }

  /**
   * The symbols, or empty when VMCOREINFO does not say where they are.
   *
   * @throws MalformedException when they make no sense
   * @throws org.bpfdump.error.MemoryFaultException when they are not in the file
   */
  Optional<Symbols> read() {
    OptionalLong names = info.symbol("kallsyms_names");
    OptionalLong count = info.symbol("kallsyms_num_syms");
    OptionalLong table = info.symbol("kallsyms_token_table");
    OptionalLong index = info.symbol("kallsyms_token_index");
    OptionalLong offsets = info.symbol("kallsyms_offsets");
    if (names.isEmpty()
        || count.isEmpty()
        || table.isEmpty()
        || index.isEmpty()
        || offsets.isEmpty()) {
      return Optional.empty();
    }
    int symbols = (int) Math.min(memory.u32(count.getAsLong()), MOST + 1);
    if (symbols == 0 || symbols > MOST) {
      throw broken("it has " + memory.u32(count.getAsLong()) + " of them");
    }
    Tokens tokens = tokens(table.getAsLong(), index.getAsLong());
    int[] starts = new int[symbols];
    byte[] bytes = names(names.getAsLong(), starts);
    int[] numbers = numbers(offsets.getAsLong(), symbols);
    OptionalLong base = info.symbol("kallsyms_relative_base");
    long from = base.isPresent() ? memory.u64(base.getAsLong()) : 0;
    AddressScheme first = base.isPresent() ? AddressScheme.NEGATIVE : AddressScheme.FROM_ITSELF;
    return Optional.of(
        best(new Kallsyms(bytes, starts, tokens, numbers, first, from, offsets.getAsLong())));
  }

  /** By the scheme that gives the addresses that are known. */
  private Symbols best(Kallsyms symbols) {
    for (AddressScheme scheme : AddressScheme.values()) {
      Kallsyms candidate = symbols.by(scheme);
      if (agrees(candidate)) {
        return candidate;
      }
    }
    throw broken("they contradict what its VMCOREINFO says");
  }

  /** Asks by address: to ask by name, all names would have to be looked at first. */
  private boolean agrees(Symbols symbols) {
    for (String name : KNOWN) {
      OptionalLong told = info.symbol(name);
      if (told.isPresent() && has(symbols, name, told.getAsLong())) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(Symbols symbols, String name, long address) {
    int first = Math.max(0, symbols.below(address));
    int end = Math.min(symbols.count(), first + MOST_ALIASES);
    for (int i = first; i < end && symbols.address(i) == address; i++) {
      if (symbols.name(i).equals(name)) {
        return true;
      }
    }
    return false;
  }

  private Tokens tokens(long table, long index) {
    byte[] index2 = new byte[2 * Tokens.COUNT];
    memory.read(index, index2, 0, index2.length);
    byte[] texts = new byte[Tokens.MOST];
    int length = memory.copy(table, texts, 0, texts.length);
    return new Tokens(Arrays.copyOf(texts, length), index2);
  }

  /** Reads as many names as there are places in {@code starts}, and fills these. */
  private byte[] names(long address, int[] starts) {
    int size = Math.min(MOST_BYTES, 16 * starts.length + 4096);
    while (true) {
      byte[] bytes = new byte[size];
      int length = memory.copy(address, bytes, 0, size);
      int at = 0;
      int index = 0;
      while (index < starts.length && at + 1 < length) {
        starts[index] = at;
        at += Kallsyms.lengthBytes(bytes, at) + Kallsyms.length(bytes, at);
        index++;
      }
      if (index == starts.length && at <= length) {
        return Arrays.copyOf(bytes, at);
      }
      if (length < size) {
        throw new MemoryFaultException(address + length);
      }
      if (size == MOST_BYTES) {
        throw broken("their names are longer than " + MOST_BYTES + " bytes");
      }
      size = (int) Math.min(MOST_BYTES, 4L * size);
    }
  }

  private int[] numbers(long address, int count) {
    byte[] bytes = new byte[4 * count];
    memory.read(address, bytes, 0, bytes.length);
    int[] numbers = new int[count];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(numbers);
    return numbers;
  }

  private static MalformedException broken(String why) {
    return new MalformedException(
        "the image's table of symbols is broken, "
            + why
            + ": give the kernel's with --symbols System.map or --symbols vmlinux",
        -1);
  }
}
