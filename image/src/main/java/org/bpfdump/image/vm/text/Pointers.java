// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

import java.util.OptionalLong;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Symbols;
import org.bpfdump.image.vm.Machine;

/**
 * Pointers as the kernel shows them: hashed by its own secret, which the image has, or by name.
 * Source: lib/vsprintf.c. Of one thread.
 */
public final class Pointers {
  /**
   * What the kernel prints while its secret is not ready; here, when the image does not have it.
   */
  private static final String NO_SECRET = "(____ptrval____)";

  /** The first address that is an error number ({@code MAX_ERRNO}). */
  private static final long FIRST_ERROR = -4095;

  private final Snapshot snapshot;
  private boolean known;
  private boolean plain;
  private boolean secret;
  private boolean restricted;
  private long key0;
  private long key1;

  /** Those of a kernel. */
  public Pointers(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  private void learn(Machine machine) {
    if (known) {
      return;
    }
    known = true;
    plain = number(machine, snapshot.find(Root.NO_HASH_POINTERS), 1) == 1;
    restricted = number(machine, snapshot.find(Root.KPTR_RESTRICT), 4) > 0;
    OptionalLong key = snapshot.find(Root.PTR_KEY);
    if (key.isPresent()) {
      key0 = machine.kernel().loadOrZero(key.getAsLong(), 8);
      key1 = machine.kernel().loadOrZero(key.getAsLong() + 8, 8);
      secret = (key0 | key1) != 0;
    }
  }

  private static long number(Machine machine, OptionalLong at, int size) {
    return at.isPresent() ? machine.kernel().loadOrZero(at.getAsLong(), size) : 0;
  }

  /** {@code %p}. */
  void hashed(Machine machine, Conversion conversion, TextBuffer into, long address) {
    learn(machine);
    if (plain || address == 0 || Long.compareUnsigned(address, FIRST_ERROR) >= 0) {
      conversion.pointer(into, address);
    } else if (secret) {
      conversion.pointer(into, SipHash.hash(address, key0, key1) & 0xFFFFFFFFL);
    } else {
      conversion.width = 2 * Long.BYTES;
      int start = into.kept();
      into.put(NO_SECRET);
      conversion.string(into, start);
    }
  }

  /** {@code %pK}: nobody asks, so that nobody may see what is for some only. */
  void restricted(Machine machine, Conversion conversion, TextBuffer into, long address) {
    learn(machine);
    if (restricted) {
      conversion.pointer(into, 0);
    } else {
      hashed(machine, conversion, into, address);
    }
  }

  /** {@code %ps}, and {@code %pS} with offset and size. */
  void symbol(TextBuffer into, long address, boolean offset) {
    symbol(into, address, 0, offset);
  }

  /** {@code %pB}: of the call that returns to this address. */
  void backtrace(TextBuffer into, long address) {
    symbol(into, address, -1, true);
  }

  private void symbol(TextBuffer into, long address, int back, boolean offset) {
    Symbols symbols = snapshot.symbols();
    long wanted = address + back;
    int index = inKernel(wanted) ? symbols.below(wanted) : -1;
    if (index < 0) {
      into.put("0x");
      into.put(Long.toHexString(address));
      return;
    }
    long start = symbols.address(index);
    while (index > 0 && symbols.address(index - 1) == start) {
      index--;
    }
    into.put(symbols.name(index));
    if (offset) {
      int after = index + 1;
      while (after < symbols.count() && symbols.address(after) <= start) {
        after++;
      }
      long end =
          after < symbols.count() ? symbols.address(after) : symbols.find("_end").orElse(start);
      into.put("+0x");
      into.put(Long.toHexString(address - start));
      into.put("/0x");
      into.put(Long.toHexString(end - start));
    }
  }

  private boolean inKernel(long address) {
    Symbols symbols = snapshot.symbols();
    OptionalLong first = symbols.find("_stext");
    OptionalLong last = symbols.find("_end");
    return first.isPresent()
        && last.isPresent()
        && Long.compareUnsigned(address, first.getAsLong()) >= 0
        && Long.compareUnsigned(address, last.getAsLong()) < 0;
  }
}
