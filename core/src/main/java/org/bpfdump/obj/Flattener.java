// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bpfdump.asm.Code;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.obj.Functions.Function;

/**
 * Puts a program's functions behind each other: the program first, then each function it needs,
 * once, at the first reference to it, depth first. That is libbpf's order, so that a kernel holds
 * the same program whoever loads it. Calls and callbacks between the functions are resolved on the
 * way.
 */
final class Flattener {
  static final int CALL = 0x85;
  static final int LDIMM64 = 0x18;

  private static final int PSEUDO_CALL = 1;
  private static final int PSEUDO_FUNC = 4;

  /** A kernel takes no more functions in a program, nor more instructions. */
  private static final int MAX_FUNCTIONS = 256;

  private static final int MAX_SLOTS = 1_000_000;

  private final Elf elf;
  private final Functions functions;
  private final CodeRelocations relocations;

  /** Functions in the order of their code, and where each starts. */
  private final List<Function> order = new ArrayList<>();

  private final int[] starts;
  private long[] slots = new long[256];
  private int size;

  /**
   * @param program index of the program
   * @param exceptionCallback index of the function that the kernel calls when the program throws;
   *     -1 for none. No instruction refers to it
   */
  Flattener(
      Elf elf,
      Functions functions,
      CodeRelocations relocations,
      int program,
      int exceptionCallback) {
    this.elf = elf;
    this.functions = functions;
    this.relocations = relocations;
    this.starts = new int[functions.size()];
    Arrays.fill(starts, -1);
    place(program);
    if (exceptionCallback >= 0 && starts[exceptionCallback] < 0) {
      place(exceptionCallback);
    }
    slots = Arrays.copyOf(slots, size);
  }

  private void place(int index) {
    Function function = functions.get(index);
    if (order.size() == MAX_FUNCTIONS || size + function.size() > MAX_SLOTS) {
      String name = order.isEmpty() ? function.name() : order.getFirst().name();
      throw new UnsupportedException(
          elf.name()
              + ": program "
              + Elf.shown(name)
              + " has more functions or instructions than a kernel takes: "
              + MAX_FUNCTIONS
              + " and "
              + MAX_SLOTS);
    }
    int start = size;
    starts[index] = start;
    order.add(function);
    append(functions.code(function));
    for (int i = 0; i < function.size(); i++) {
      long slot = slots[start + i];
      switch (Code.opcode(slot)) {
        case CALL -> resolveCall(function, start, i, slot);
        case LDIMM64 -> {
          if (i + 1 == function.size() || Code.opcode(slots[start + i + 1]) != 0) {
            throw malformed(function, i, "is half of a 64-bit immediate load");
          }
          resolveCallback(function, start, i, slot);
          i++;
        }
        default -> {}
      }
    }
  }

  private void append(Code code) {
    if (size + code.size() > slots.length) {
      slots = Arrays.copyOf(slots, Math.max(slots.length * 2, size + code.size()));
    }
    for (int i = 0; i < code.size(); i++) {
      slots[size++] = code.get(i);
    }
  }

  private void resolveCall(Function function, int start, int i, long slot) {
    Elf.Symbol symbol = relocations.at(function, i);
    int section;
    long target;
    if (symbol == null) {
      if (Code.src(slot) != PSEUDO_CALL) {
        return;
      }
      section = function.section();
      target = (long) function.start() + i + Code.immediate(slot) + 1;
    } else if (symbol.isExtern()) {
      return;
    } else {
      section = symbol.section();
      // Against a global function the immediate is -1, against its section it counts from there.
      target = symbol.value() / 8 + Code.immediate(slot) + 1;
    }
    refer(function, start, i, Code.withSrc(slot, PSEUDO_CALL), section, target);
  }

  private void resolveCallback(Function function, int start, int i, long slot) {
    Elf.Symbol symbol = relocations.at(function, i);
    if (symbol == null) {
      if (Code.src(slot) == PSEUDO_FUNC) {
        throw malformed(function, i, "takes the address of an unknown function");
      }
      return;
    }
    boolean code =
        !symbol.isExtern()
            && symbol.section() < elf.sectionCount()
            && elf.section(symbol.section()).executable();
    if (code) {
      long target = symbol.value() + Code.immediate(slot);
      if (target % 8 != 0) {
        throw malformed(function, i, "takes the address of half an instruction");
      }
      refer(function, start, i, Code.withSrc(slot, PSEUDO_FUNC), symbol.section(), target / 8);
      slots[start + i + 1] = 0;
    }
  }

  private void refer(Function function, int start, int i, long slot, int section, long target) {
    int callee = functions.indexAt(section, target);
    if (callee < 0 || functions.get(callee).start() != target) {
      throw malformed(function, i, "refers to a function that is not there");
    }
    if (starts[callee] < 0) {
      place(callee);
    }
    slots[start + i] = Code.withImmediate(slot, starts[callee] - (start + i) - 1);
  }

  private MalformedException malformed(Function function, int slot, String what) {
    return elf.malformed(
        "has instruction " + slot + " of " + Elf.shown(function.name()) + ", which " + what, -1);
  }

  /** Functions in the order of their code. */
  List<Function> order() {
    return order;
  }

  /** All slots; the caller may change them. */
  long[] slots() {
    return slots;
  }
}
