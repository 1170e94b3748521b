// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.Kind;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.obj.Functions.Function;
import org.bpfdump.relo.CoreRelocation;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.ProgramSpec.FunctionInfo;
import org.bpfdump.spec.ProgramSpec.LineInfo;
import org.bpfdump.spec.Relocation;

/**
 * Makes one program of an object into a spec, with the maps it refers to and the programs that
 * those hold. Maps are numbered in the order of the first reference to them, the object's other
 * maps after those, and all programs of the spec share that numbering.
 */
final class Linker {
  private static final int PSEUDO_KFUNC_CALL = 2;
  private static final String EXCEPTION_CALLBACK = "exception_callback:";
  private static final CoreRelocation.Kind[] KINDS = CoreRelocation.Kind.values();

  private final ObjectFile object;
  private final Elf elf;
  private final Functions functions;
  private final CodeRelocations relocations;
  private final Btf btf;

  /** Maps of the object by their index in the spec, and back. */
  private final List<Integer> maps = new ArrayList<>();

  private final Map<Integer, Integer> mapIndex = new HashMap<>();

  /** Programs by name, in the order in which they are to be put together. */
  private final Map<String, Integer> programs = new HashMap<>();

  private final List<Integer> queue = new ArrayList<>();

  /** A program without what it shares with the others of its spec. */
  private record Linked(
      Function function,
      Code code,
      List<Relocation> relocations,
      List<FunctionInfo> functions,
      List<LineInfo> lines) {}

  Linker(ObjectFile object, Elf elf, Functions functions, CodeRelocations relocations) {
    this.object = object;
    this.elf = elf;
    this.functions = functions;
    this.relocations = relocations;
    this.btf = object.types();
  }

  /** The spec of the program of this index. */
  ProgramSpec link(int program) {
    programs.put(functions.get(program).name(), program);
    queue.add(program);
    List<Linked> parts = new ArrayList<>();
    List<MapSpec> specs = new ArrayList<>();
    while (parts.size() < queue.size() || specs.size() < maps.size()) {
      if (parts.size() < queue.size()) {
        parts.add(part(queue.get(parts.size())));
      } else {
        specs.add(map(maps.get(specs.size())));
      }
    }
    addOthers(specs);
    List<ProgramSpec> callees = new ArrayList<>();
    for (int i = 1; i < parts.size(); i++) {
      callees.add(spec(parts.get(i), specs, List.of()));
    }
    return spec(parts.getFirst(), specs, callees);
  }

  /** Adds the maps that nothing here refers to, but that a program may be told to walk. */
  private void addOthers(List<MapSpec> specs) {
    Maps table = object.mapTable();
    for (int i = 0; i < table.specs().size(); i++) {
      if (!mapIndex.containsKey(i) && table.slots(i).isEmpty()) {
        specs.add(table.specs().get(i));
      }
    }
  }

  private ProgramSpec spec(Linked part, List<MapSpec> specs, List<ProgramSpec> callees) {
    SectionName section = part.function.sectionName();
    return new ProgramSpec(
        part.function.name(),
        section.name(),
        section.target().isEmpty() ? Optional.empty() : Optional.of(section.target()),
        section.kind() == SectionName.Kind.SLEEPABLE_ITERATOR,
        section.autoload(),
        object.license(),
        object.order(),
        part.code,
        part.relocations,
        part.functions,
        part.lines,
        specs,
        callees,
        object.btf());
  }

  private Linked part(int program) {
    Flattener flat =
        new Flattener(elf, functions, relocations, program, exceptionCallback(program));
    List<Relocation> found = new ArrayList<>();
    List<FunctionInfo> infos = new ArrayList<>();
    List<LineInfo> lines = new ArrayList<>();
    boolean allInfos = true;
    boolean allLines = true;
    int start = 0;
    for (Function function : flat.order()) {
      allInfos &= addFunctionInfo(function, start, infos);
      allLines &= addLines(function, start, lines);
      relocate(function, start, flat.slots(), found);
      start += function.size();
    }
    // The kernel wants them for every function or for none.
    return new Linked(
        functions.get(program),
        Code.of(flat.slots()),
        found,
        allInfos ? infos : List.of(),
        allLines ? lines : List.of());
  }

  /**
   * The function that a declaration tag of a program names as its exception callback; -1 for none.
   * Source: {@code __exception_cb} in {@code tools/testing/selftests/bpf/bpf_experimental.h}.
   */
  private int exceptionCallback(int program) {
    String name = functions.get(program).name();
    for (int id : btf.ofKind(Kind.DECL_TAG)) {
      if (btf.name(id).startsWith(EXCEPTION_CALLBACK)
          && btf.type(id) instanceof BtfType.DeclTag tag
          && btf.type(tag.type()) instanceof BtfType.Func function
          && function.name().equals(name)) {
        String callback = tag.name().substring(EXCEPTION_CALLBACK.length());
        int found = functions.indexOf(callback);
        if (found < 0) {
          throw elf.malformed(
              "has no function "
                  + Elf.shown(callback)
                  + ", which "
                  + Elf.shown(name)
                  + " names as its exception callback",
              -1);
        }
        return found;
      }
    }
    return -1;
  }

  private boolean addFunctionInfo(Function function, int start, List<FunctionInfo> infos) {
    long[] records = object.ext().functions(function.section());
    int i = BtfExt.firstAt(records, function.start());
    if (i == records.length || BtfExt.slot(records[i]) != function.start()) {
      return false;
    }
    infos.add(new FunctionInfo(start, object.ext().field(records[i], 1)));
    return true;
  }

  private boolean addLines(Function function, int start, List<LineInfo> lines) {
    BtfExt ext = object.ext();
    long[] records = ext.lines(function.section());
    int first = BtfExt.firstAt(records, function.start());
    int i = first;
    int shift = start - function.start();
    int before = -1;
    for (; i < records.length; i++) {
      int slot = BtfExt.slot(records[i]);
      if (slot >= function.start() + function.size()) {
        break;
      }
      if (slot == before) {
        continue;
      }
      before = slot;
      int place = ext.field(records[i], 3);
      lines.add(
          new LineInfo(
              slot + shift,
              ext.field(records[i], 1),
              ext.field(records[i], 2),
              place >>> 10,
              place & 0x3FF));
    }
    return i > first && BtfExt.slot(records[first]) == function.start();
  }

  /** Adds the relocations of a function that starts at {@code start}, ascending. */
  private void relocate(Function function, int start, long[] slots, List<Relocation> into) {
    BtfExt ext = object.ext();
    long[] core = ext.relocations(function.section());
    int next = BtfExt.firstAt(core, function.start());
    for (int i = 0; i < function.size(); i++) {
      while (next < core.length && BtfExt.slot(core[next]) == function.start() + i) {
        into.add(core(function, start + i, core[next++]));
      }
      Elf.Symbol symbol = relocations.at(function, i);
      if (symbol == null) {
        continue;
      }
      int opcode = Code.opcode(slots[start + i]);
      if (opcode == Flattener.CALL) {
        if (symbol.isExtern()) {
          slots[start + i] = Code.slot(Flattener.CALL, 0, PSEUDO_KFUNC_CALL, 0, 0);
          into.add(kfunc(function, start + i, symbol));
        }
      } else if (opcode == Flattener.LDIMM64) {
        Relocation relocation = load(function, start + i, symbol, slots[start + i]);
        if (relocation != null) {
          long slot = Code.withImmediate(Code.withSrc(slots[start + i], 0), 0);
          slots[start + i] = slot;
          slots[start + i + 1] = 0;
          into.add(relocation);
        }
      } else {
        throw malformed(function, symbol, "in an instruction that cannot");
      }
    }
  }

  private Relocation core(Function function, int slot, long record) {
    int kind = object.ext().field(record, 3);
    if (kind < 0 || kind >= KINDS.length) {
      throw new UnsupportedException(
          elf.name()
              + ": function "
              + Elf.shown(function.name())
              + " has a CO-RE relocation of unknown kind "
              + kind);
    }
    int type = object.ext().field(record, 1);
    String access = btf.string(object.ext().field(record, 2));
    return new Relocation.Core(slot, new CoreRelocation(KINDS[kind], type, access));
  }

  private Relocation kfunc(Function function, int slot, Elf.Symbol symbol) {
    if (object.externs().get(symbol.name()) instanceof Extern.Function extern) {
      return new Relocation.Kfunc(slot, extern.name(), extern.prototype(), extern.weak());
    }
    throw malformed(function, symbol, "by a call, which is not declared as a function with __ksym");
  }

  /** What a 64-bit immediate load of a symbol needs; null when it is resolved, as a callback is. */
  private Relocation load(Function function, int at, Elf.Symbol symbol, long slot) {
    if (symbol.isExtern()) {
      return switch (object.externs().get(symbol.name())) {
        case Extern.Option(var option) ->
            new Relocation.MapValue(
                at, index(object.mapTable().kconfig()), option.offset() + Code.immediate(slot));
        case Extern.Variable(var name, var type, var weak) when type == 0 ->
            new Relocation.KsymAddress(at, name, weak);
        case Extern.Variable(var name, var type, var weak) ->
            new Relocation.KsymVariable(at, name, type, weak);
        case Extern.Function(var name, var prototype, var weak) ->
            new Relocation.KfuncAddress(at, name, prototype, weak);
        case null ->
            throw malformed(
                function,
                symbol,
                "which is defined nowhere: declare it __ksym or __kconfig, and compile with -g");
      };
    }
    if (symbol.section() == 0 || symbol.section() >= elf.sectionCount()) {
      throw malformed(function, symbol, "which is in no section: initialise the variable");
    }
    Elf.Section section = elf.section(symbol.section());
    if (section.executable()) {
      return null;
    }
    Maps table = object.mapTable();
    long offset = symbol.value() + Code.immediate(slot);
    if (section.name().equals(Maps.SECTION)) {
      int map = table.defined(offset);
      if (map < 0) {
        throw malformed(function, symbol, "which is not the start of a map");
      }
      return new Relocation.MapReference(at, index(map));
    }
    int map = table.ofData(symbol.section());
    if (map < 0) {
      throw new UnsupportedException(
          elf.name()
              + ": function "
              + Elf.shown(function.name())
              + " refers to section "
              + Elf.shown(section.name())
              + ", which is no data that a program can have");
    }
    return new Relocation.MapValue(at, index(map), (int) offset);
  }

  /** Index in the spec of a map of the object, which from now on is one of the spec's. */
  private int index(int map) {
    Integer known = mapIndex.get(map);
    if (known != null) {
      return known;
    }
    mapIndex.put(map, maps.size());
    maps.add(map);
    return maps.size() - 1;
  }

  /** A map of the object with what it holds from the start. */
  private MapSpec map(int map) {
    MapSpec spec = object.mapTable().specs().get(map);
    if (object.mapTable().hasPointers(map)) {
      throw new RelocationException(
          elf.name()
              + ": data map "
              + Elf.shown(spec.name())
              + " holds pointers to variables, which have no address before it is loaded:"
              + " make the program compute them");
    }
    List<MapContents.Slot> slots = new ArrayList<>();
    for (Maps.Slot slot : object.mapTable().slots(map)) {
      slots.add(
          MapDefinition.holdsMaps(spec.type())
              ? new MapContents.Slot.OfMap(slot.index(), heldMap(spec, slot))
              : new MapContents.Slot.OfProgram(slot.index(), heldProgram(spec, slot)));
    }
    return slots.isEmpty() ? spec : spec.withContents(new MapContents.Slots(slots));
  }

  private int heldMap(MapSpec holder, Maps.Slot slot) {
    Elf.Symbol symbol = slot.symbol();
    int held = -1;
    if (symbol.section() < elf.sectionCount()
        && elf.section(symbol.section()).name().equals(Maps.SECTION)) {
      held = object.mapTable().defined(symbol.value());
    }
    if (held < 0) {
      throw elf.malformed(
          "has map "
              + Elf.shown(holder.name())
              + " hold "
              + Elf.shown(symbol.name())
              + ", which is no map",
          -1);
    }
    MapSpec spec = object.mapTable().specs().get(held);
    if (MapDefinition.holdsMaps(spec.type()) || spec.type() == MapDefinition.PROG_ARRAY) {
      throw new UnsupportedException(
          elf.name()
              + ": map "
              + Elf.shown(holder.name())
              + " holds map "
              + Elf.shown(spec.name())
              + ", which itself holds others: kernels refuse that");
    }
    return index(held);
  }

  private String heldProgram(MapSpec holder, Maps.Slot slot) {
    Elf.Symbol symbol = slot.symbol();
    int held =
        symbol.value() % 8 == 0 ? functions.indexAt(symbol.section(), symbol.value() / 8) : -1;
    if (held < 0 || !functions.get(held).sectionName().iterator()) {
      throw elf.malformed(
          "has map "
              + Elf.shown(holder.name())
              + " hold "
              + Elf.shown(symbol.name())
              + ", which is no iterator program",
          -1);
    }
    String name = functions.get(held).name();
    if (programs.putIfAbsent(name, held) == null) {
      queue.add(held);
    }
    return name;
  }

  private MalformedException malformed(Function function, Elf.Symbol symbol, String what) {
    String name = symbol.name().isEmpty() ? "a section" : Elf.shown(symbol.name());
    return elf.malformed(
        "has function " + Elf.shown(function.name()) + " refer to " + name + " " + what, -1);
  }
}
