// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.Kind;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.spec.KconfigExtern;
import org.bpfdump.spec.KconfigExtern.Form;

/**
 * The extern variables and functions of an object, from its {@code .kconfig} and {@code .ksyms}
 * type sections. Source: libbpf, which defined both.
 */
final class Externs {
  static final String KCONFIG = ".kconfig";
  static final String KSYMS = ".ksyms";

  /** Larger than any set of options; bounds what a crafted array type can ask for. */
  private static final long MAX_KCONFIG = 1 << 20;

  /** An option's variable, before its place is known. */
  private record Slot(int index, String name, int align, int size, Form form) {}

  /** By alignment descending, size ascending, name: where libbpf puts them. */
  private static final class Layout implements Comparator<Slot> {
    @Override
    public int compare(Slot a, Slot b) {
      if (a.align != b.align) {
        return Integer.compare(b.align, a.align);
      }
      return a.size != b.size ? Integer.compare(a.size, b.size) : a.name.compareTo(b.name);
    }
  }

  private final Elf elf;
  private final Btf btf;
  private final Map<String, Extern> externs = new HashMap<>();
  private final List<KconfigExtern> options = new ArrayList<>();
  private int kconfigType;
  private int kconfigSize;
  private int ksymsType;

  /** Byte offset in the map of each variable of {@code .kconfig}, in the order of the section. */
  private int[] kconfigOffsets = new int[0];

  /**
   * @param btf as the compiler left it: externs still are externs
   */
  Externs(Elf elf, Btf btf) {
    this.elf = elf;
    this.btf = btf;
    for (int id : btf.ofKind(Kind.DATASEC)) {
      String name = btf.name(id);
      boolean kconfig = name.equals(KCONFIG);
      if ((kconfig || name.equals(KSYMS)) && btf.type(id) instanceof BtfType.Datasec section) {
        Map<String, Elf.Symbol> symbols = symbols();
        if (kconfig) {
          kconfigType = id;
          readOptions(section, symbols);
        } else {
          ksymsType = id;
          readSymbols(section, symbols);
        }
      }
    }
  }

  private Map<String, Elf.Symbol> symbols() {
    Map<String, Elf.Symbol> symbols = new HashMap<>();
    for (int i = 0; i < elf.symbolCount(); i++) {
      if (elf.symbol(i).isExtern()) {
        symbols.put(elf.symbol(i).name(), elf.symbol(i));
      }
    }
    return symbols;
  }

  private void readOptions(BtfType.Datasec section, Map<String, Elf.Symbol> symbols) {
    List<Slot> slots = new ArrayList<>();
    for (int i = 0; i < section.variables().size(); i++) {
      if (!(btf.type(section.variables().get(i).type()) instanceof BtfType.Var variable)) {
        throw elf.malformed("has something other than a variable in " + KCONFIG, -1);
      }
      slots.add(slot(i, variable));
    }
    slots.sort(new Layout());
    kconfigOffsets = new int[slots.size()];
    long end = 0;
    for (Slot slot : slots) {
      long offset = (end + slot.align - 1) / slot.align * slot.align;
      end = offset + slot.size;
      if (end > MAX_KCONFIG) {
        throw new UnsupportedException(elf.name() + " asks for options of more than a megabyte");
      }
      kconfigOffsets[slot.index] = (int) offset;
      // One without a symbol is not used by any code: it has a place, but nobody asks for it.
      Elf.Symbol symbol = symbols.get(slot.name);
      if (symbol != null) {
        boolean weak = symbol.binding() == Elf.STB_WEAK;
        KconfigExtern option =
            new KconfigExtern(slot.name, (int) offset, slot.size, slot.form, weak);
        options.add(option);
        externs.put(slot.name, new Extern.Option(option));
      }
    }
    kconfigSize = (int) end;
  }

  private Slot slot(int index, BtfType.Var variable) {
    BtfType type = btf.resolved(variable.type());
    int align = 1;
    int size = 1;
    Form form = null;
    if (type instanceof BtfType.Int number) {
      form = form(number);
      size = number.size();
      align = size;
    } else if (type instanceof BtfType.Enumeration tristate
        && tristate.name().equals("libbpf_tristate")
        && isWord(tristate.size())) {
      form = Form.TRISTATE;
      size = tristate.size();
      align = size;
    } else if (type instanceof BtfType.Array array
        && array.count() > 0
        && array.count() <= MAX_KCONFIG
        && btf.resolved(array.element()) instanceof BtfType.Int element
        && form(element) == Form.CHAR) {
      form = Form.STRING;
      size = array.count();
    }
    if (form == null) {
      throw new UnsupportedException(
          elf.name()
              + " declares option "
              + Elf.shown(variable.name())
              + " with a type no option has: use bool, char, an integer, enum libbpf_tristate"
              + " or an array of char");
    }
    return new Slot(index, variable.name(), align, size, form);
  }

  private static boolean isWord(int size) {
    return size == 1 || size == 2 || size == 4 || size == 8;
  }

  private static Form form(BtfType.Int type) {
    if (type.bool()) {
      return type.size() == 1 ? Form.BOOL : null;
    }
    if (type.size() == 1) {
      return Form.CHAR;
    }
    return !isWord(type.size()) ? null : type.signed() ? Form.SIGNED : Form.UNSIGNED;
  }

  private void readSymbols(BtfType.Datasec section, Map<String, Elf.Symbol> symbols) {
    for (BtfType.Variable entry : section.variables()) {
      BtfType type = btf.type(entry.type());
      Elf.Symbol symbol = symbols.get(type.name());
      boolean weak = symbol != null && symbol.binding() == Elf.STB_WEAK;
      if (type instanceof BtfType.Var variable) {
        boolean typeless = btf.resolved(variable.type()) instanceof BtfType.Void;
        externs.put(
            variable.name(),
            new Extern.Variable(variable.name(), typeless ? 0 : variable.type(), weak));
      } else if (type instanceof BtfType.Func function) {
        externs.put(function.name(), new Extern.Function(function.name(), function.type(), weak));
      } else {
        throw elf.malformed("has neither variable nor function in " + KSYMS, -1);
      }
    }
  }

  /** The extern of this name; null for none. */
  Extern get(String name) {
    return externs.get(name);
  }

  /** What is asked for of the kernel's configuration, by ascending offset. */
  List<KconfigExtern> options() {
    return options;
  }

  /** Id of DATASEC {@code .kconfig}; 0 for none. */
  int kconfigType() {
    return kconfigType;
  }

  int kconfigSize() {
    return kconfigSize;
  }

  int[] kconfigOffsets() {
    return kconfigOffsets;
  }

  /** Id of DATASEC {@code .ksyms}; 0 for none. */
  int ksymsType() {
    return ksymsType;
  }
}
