// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfBuilder;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.BtfType.Linkage;
import org.bpfdump.btf.Kind;

/**
 * Completes the BTF that a compiler left, so that a kernel takes it: sizes and offsets of data
 * sections, which clang leaves at zero, come from the ELF file; externs become plain variables and
 * functions, since a kernel refuses externs. Ids stay what they were; at most one type is added.
 * The rules are libbpf's, so that a kernel sees the same types whoever loads the object.
 */
final class BtfFixups {
  /**
   * Stands in the {@code .ksyms} section for each function, and names parameters without a name.
   */
  private static final String DUMMY = "dummy_ksym";

  private final Elf elf;
  private final Btf btf;
  private final Externs externs;
  private final BtfBuilder fixed;

  /** Global data symbols by name; null until the first is looked for. */
  private Map<String, Elf.Symbol> symbols;

  private BtfFixups(Elf elf, Btf btf, Externs externs) {
    this.elf = elf;
    this.btf = btf;
    this.externs = externs;
    this.fixed = BtfBuilder.from(btf);
  }

  static Btf apply(Elf elf, Btf btf, Externs externs) {
    BtfFixups fixups = new BtfFixups(elf, btf, externs);
    for (int id : btf.ofKind(Kind.DATASEC)) {
      if (btf.type(id) instanceof BtfType.Datasec section) {
        fixups.fixed.set(id, fixups.complete(id, section));
      }
    }
    fixups.hideFunctions();
    return fixups.fixed.build();
  }

  private BtfType.Datasec complete(int id, BtfType.Datasec section) {
    List<BtfType.Variable> variables = new ArrayList<>(section.variables());
    int size;
    if (id == externs.kconfigType()) {
      size = placeOptions(variables);
    } else if (id == externs.ksymsType()) {
      size = placeSymbols(variables);
    } else {
      size = placeData(section, variables);
    }
    variables.sort(new ByOffset());
    return new BtfType.Datasec(section.name(), size, variables);
  }

  /** By offset, which a kernel takes for unsigned. */
  private static final class ByOffset implements Comparator<BtfType.Variable> {
    @Override
    public int compare(BtfType.Variable a, BtfType.Variable b) {
      return Integer.compareUnsigned(a.offset(), b.offset());
    }
  }

  private int placeOptions(List<BtfType.Variable> variables) {
    for (int i = 0; i < variables.size(); i++) {
      int id = variables.get(i).type();
      if (btf.type(id) instanceof BtfType.Var variable) {
        fixed.set(id, new BtfType.Var(variable.name(), variable.type(), Linkage.GLOBAL));
      }
      int size = (int) btf.sizeOf(id);
      variables.set(i, new BtfType.Variable(id, externs.kconfigOffsets()[i], size));
    }
    return externs.kconfigSize();
  }

  /** A kernel looks at none of it: four bytes for each, one after the other. */
  private int placeSymbols(List<BtfType.Variable> variables) {
    int word = word();
    int dummy = 0;
    for (int i = 0; i < variables.size(); i++) {
      int id = variables.get(i).type();
      if (btf.type(id) instanceof BtfType.Func function) {
        fixed.set(id, new BtfType.Func(function.name(), function.type(), Linkage.GLOBAL));
        nameParameters(function.type());
        if (dummy == 0) {
          dummy = fixed.add(new BtfType.Var(DUMMY, word, Linkage.GLOBAL));
        }
        id = dummy;
      } else if (btf.type(id) instanceof BtfType.Var variable) {
        fixed.set(id, new BtfType.Var(variable.name(), word, Linkage.GLOBAL));
      }
      variables.set(i, new BtfType.Variable(id, 4 * i, 4));
    }
    return 4 * variables.size();
  }

  private int word() {
    for (int id : btf.ofKind(Kind.INT)) {
      if (btf.type(id) instanceof BtfType.Int type && type.bits() == 32) {
        return id;
      }
    }
    throw elf.malformed("has kernel symbols but no 32-bit integer in its BTF", -1);
  }

  /** A function that is not extern has names for its parameters. */
  private void nameParameters(int prototype) {
    if (!(btf.type(prototype) instanceof BtfType.FuncProto proto)) {
      throw elf.malformed("has a function without prototype in its BTF", -1);
    }
    List<BtfType.Parameter> named = new ArrayList<>();
    for (BtfType.Parameter parameter : proto.parameters()) {
      boolean nameless = parameter.name().isEmpty() && parameter.type() != 0;
      named.add(nameless ? new BtfType.Parameter(DUMMY, parameter.type()) : parameter);
    }
    fixed.set(prototype, new BtfType.FuncProto(proto.returns(), named));
  }

  private int placeData(BtfType.Datasec section, List<BtfType.Variable> variables) {
    // The static linker of libbpf fills sizes and offsets in; then they are right already.
    boolean unfinished = section.size() == 0;
    int size = unfinished ? sizeOf(section.name()) : section.size();
    for (int i = 0; i < variables.size(); i++) {
      BtfType.Variable place = variables.get(i);
      if (!(btf.type(place.type()) instanceof BtfType.Var variable)) {
        throw elf.malformed(
            "has something other than a variable in section " + Elf.shown(section.name()), -1);
      }
      // The offset of a static variable is there from the start.
      if (variable.linkage() != Linkage.GLOBAL) {
        continue;
      }
      Elf.Symbol symbol = symbol(variable.name());
      if (symbol.value() < 0 || symbol.value() > Integer.MAX_VALUE) {
        throw elf.malformed("has " + Elf.shown(variable.name()) + " outside its section", -1);
      }
      if (unfinished) {
        int offset = (int) symbol.value();
        variables.set(i, new BtfType.Variable(place.type(), offset, place.size()));
      }
      if (symbol.hidden()) {
        fixed.set(place.type(), new BtfType.Var(variable.name(), variable.type(), Linkage.STATIC));
      }
    }
    return size;
  }

  private int sizeOf(String section) {
    Elf.Section data = elf.section(section);
    if (data == null || data.size() == 0 || data.size() > Integer.MAX_VALUE) {
      throw elf.malformed(
          "has types of section " + Elf.shown(section) + " but no such section", -1);
    }
    return (int) data.size();
  }

  private Elf.Symbol symbol(String name) {
    if (symbols == null) {
      symbols = new HashMap<>();
      for (int i = 0; i < elf.symbolCount(); i++) {
        Elf.Symbol symbol = elf.symbol(i);
        if (symbol.type() == Elf.STT_OBJECT && symbol.binding() != Elf.STB_LOCAL) {
          symbols.putIfAbsent(symbol.name(), symbol);
        }
      }
    }
    Elf.Symbol symbol = symbols.get(name);
    if (symbol == null) {
      throw elf.malformed("has no symbol for its variable " + Elf.shown(name), -1);
    }
    return symbol;
  }

  /** Hidden functions are verified with their callers, as static ones are. */
  private void hideFunctions() {
    for (int i = 0; i < elf.symbolCount(); i++) {
      Elf.Symbol symbol = elf.symbol(i);
      if (symbol.type() != Elf.STT_FUNC
          || symbol.binding() == Elf.STB_LOCAL
          || !symbol.hidden()
          || symbol.section() >= elf.sectionCount()
          || !elf.section(symbol.section()).name().equals(".text")) {
        continue;
      }
      int id = btf.findId(symbol.name(), BtfType.Func.class);
      if (id != 0
          && btf.type(id) instanceof BtfType.Func function
          && function.linkage() == Linkage.GLOBAL) {
        fixed.set(id, new BtfType.Func(function.name(), function.type(), Linkage.STATIC));
      }
    }
  }
}
