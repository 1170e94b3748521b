// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.bpfdump.asm.Code;

/** The functions of an object: every function symbol of a section with code. */
final class Functions {
  /**
   * A function.
   *
   * @param section index of its section
   * @param start its first slot, counted in the section
   * @param size in slots, at least 1
   */
  record Function(
      String name, SectionName sectionName, int section, int start, int size, boolean global) {
    /** Whether it is a program: something global in a section that is not for functions alone. */
    boolean isProgram() {
      return global && sectionName.kind() != SectionName.Kind.TEXT;
    }
  }

  private static final class ByPlace implements Comparator<Function> {
    @Override
    public int compare(Function a, Function b) {
      return a.section != b.section
          ? Integer.compare(a.section, b.section)
          : Integer.compare(a.start, b.start);
    }
  }

  private final Elf elf;

  /**
   * By section, then by place in it; of several names for one place the first symbol's comes first.
   */
  private final Function[] functions;

  Functions(Elf elf) {
    this.elf = elf;
    SectionName[] names = new SectionName[elf.sectionCount()];
    for (int i = 0; i < names.length; i++) {
      if (elf.section(i).executable()) {
        names[i] = SectionName.parse(elf.section(i).name());
      }
    }
    List<Function> found = new ArrayList<>();
    for (int i = 0; i < elf.symbolCount(); i++) {
      Elf.Symbol symbol = elf.symbol(i);
      if (symbol.type() == Elf.STT_FUNC
          && symbol.section() < names.length
          && names[symbol.section()] != null) {
        found.add(function(symbol, names[symbol.section()]));
      }
    }
    functions = found.toArray(new Function[0]);
    Arrays.sort(functions, new ByPlace());
    for (int i = 1; i < functions.length; i++) {
      Function before = functions[i - 1];
      Function function = functions[i];
      boolean alias = before.start == function.start && before.size == function.size;
      if (before.section == function.section
          && !alias
          && function.start < before.start + before.size) {
        throw elf.malformed(
            "has functions that overlap: "
                + Elf.shown(before.name)
                + " and "
                + Elf.shown(function.name),
            -1);
      }
    }
  }

  private Function function(Elf.Symbol symbol, SectionName sectionName) {
    Elf.Section section = elf.section(symbol.section());
    long value = symbol.value();
    long size = symbol.size();
    if (size <= 0
        || size % 8 != 0
        || value < 0
        || value % 8 != 0
        || size > section.size() - value) {
      throw elf.malformed(
          "has function "
              + Elf.shown(symbol.name())
              + " not wholly inside its section "
              + Elf.shown(section.name()),
          section.offset());
    }
    return new Function(
        symbol.name(),
        sectionName,
        section.index(),
        (int) (value / 8),
        (int) (size / 8),
        symbol.binding() != Elf.STB_LOCAL);
  }

  int size() {
    return functions.length;
  }

  Function get(int index) {
    return functions[index];
  }

  /** Index of the first function of this name; -1 for none. */
  int indexOf(String name) {
    for (int i = 0; i < functions.length; i++) {
      if (functions[i].name.equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** Index of the function that holds this slot of this section; -1 for none. */
  int indexAt(int section, long slot) {
    int low = 0;
    int high = functions.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Function function = functions[middle];
      if (function.section < section || (function.section == section && function.start <= slot)) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    if (high < 0 || functions[high].section != section) {
      return -1;
    }
    Function function = functions[high];
    if (slot < 0 || slot >= (long) function.start + function.size) {
      return -1;
    }
    while (high > 0
        && functions[high - 1].section == section
        && functions[high - 1].start == function.start) {
      high--;
    }
    return high;
  }

  /** The code of a function, not relocated. */
  Code code(Function function) {
    ByteBuffer data = elf.data(elf.section(function.section));
    data.position(function.start * 8).limit((function.start + function.size) * 8);
    return Code.read(data);
  }
}
