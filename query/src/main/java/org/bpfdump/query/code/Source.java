// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.BtfBuilder;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.row.RowLayout;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;

/** Which code is of which part of the query, told to the kernel as if they were source lines. */
final class Source {
  /** Not of a column: the condition, and what every program has. */
  static final int CONDITION = -1;

  static final int FRAME = -2;

  /** Where the kernel says a line is. Of a program with a text the first line is that text. */
  private static final String FILE = "bpfdump query";

  /** A program's name has 15 characters and a NUL. */
  private static final int LONGEST_NAME = 15;

  /**
   * Where the code of a part begins.
   *
   * @param part index of a column, {@link #CONDITION} or {@link #FRAME}
   */
  record Line(int slot, int part, String text) {}

  private final List<Line> lines = new ArrayList<>();

  /** What follows is of this part. */
  void begins(int slot, int part, String text) {
    if (!lines.isEmpty() && lines.getLast().slot == slot) {
      lines.removeLast();
    }
    lines.add(new Line(slot, part, text));
  }

  Compiled compiled(
      Plan plan,
      RowLayout layout,
      Emission out,
      ProgramMaps maps,
      Form form,
      Set<Place> demoted,
      int capacity) {
    String name = "dump_" + plan.target().name();
    name = name.substring(0, Math.min(name.length(), LONGEST_NAME));
    BtfBuilder btf = new BtfBuilder(out.kernel.order());
    int number = btf.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    int pointer = btf.add(new BtfType.Ptr(0));
    int prototype =
        btf.add(new BtfType.FuncProto(number, List.of(new BtfType.Parameter("ctx", pointer))));
    int function = btf.add(new BtfType.Func(name, prototype, BtfType.Linkage.GLOBAL));
    int file = btf.addString(FILE);
    Map<String, Integer> strings = new HashMap<>();
    List<ProgramSpec.LineInfo> info = new ArrayList<>();
    Reached reached = new Reached(code(out));
    List<Line> left = moved(reached);
    for (Line line : left) {
      String source = info.isEmpty() && !plan.text().isEmpty() ? plan.text() : line.text;
      int text = strings.computeIfAbsent(source, t -> btf.addString(t.replace('\n', ' ').strip()));
      // Columns count from 1; the condition comes after them, and then the rest.
      int lineNumber = line.part >= 0 ? line.part + 1 : plan.columns().size() - line.part;
      info.add(new ProgramSpec.LineInfo(line.slot, file, text, lineNumber, 0));
    }
    ProgramSpec spec =
        new ProgramSpec(
            name,
            "",
            Optional.of(plan.target().name()),
            false,
            true,
            // All that writes, and all that reads any memory, is for programs under the GPL alone.
            "GPL",
            out.kernel.order(),
            reached.code(),
            relocations(out.relocations, reached),
            List.of(new ProgramSpec.FunctionInfo(0, function)),
            info,
            maps.specs(),
            List.of(),
            Optional.of(btf.build()));
    Map<Integer, Place> accesses = new HashMap<>();
    for (Map.Entry<Integer, Place> access : out.accesses.entrySet()) {
      if (reached.has(access.getKey())) {
        accesses.put(reached.slot(access.getKey()), access.getValue());
      }
    }
    return new Compiled(plan, spec, layout, form, demoted, capacity, left, accesses);
  }

  private Code code(Emission out) {
    try {
      return out.asm.code();
    } catch (UnsupportedException _) {
      int size = out.asm.slot();
      throw new UnsupportedException(
          "the query makes a program of "
              + size
              + " instructions, in which jumps do not reach far enough (32767); most have "
              + Costs.most(lines, size)
              + ": ask for fewer columns at a time");
    }
  }

  /** The lines that still have code. */
  private List<Line> moved(Reached reached) {
    List<Line> left = new ArrayList<>();
    for (Line line : lines) {
      Line moved = new Line(reached.slot(line.slot), line.part, line.text);
      if (!left.isEmpty() && left.getLast().slot == moved.slot) {
        left.removeLast();
      }
      left.add(moved);
    }
    if (left.getLast().slot == reached.code().size()) {
      left.removeLast();
    }
    return List.copyOf(left);
  }

  private static List<Relocation> relocations(List<Relocation> before, Reached reached) {
    List<Relocation> after = new ArrayList<>();
    for (Relocation relocation : before) {
      if (reached.has(relocation.slot())) {
        int slot = reached.slot(relocation.slot());
        after.add(
            switch (relocation) {
              case Relocation.MapReference(_, int map) -> new Relocation.MapReference(slot, map);
              case Relocation.MapValue(_, int map, int offset) ->
                  new Relocation.MapValue(slot, map, offset);
              case Relocation.Core _,
                  Relocation.KsymAddress _,
                  Relocation.KsymVariable _,
                  Relocation.Kfunc _,
                  Relocation.KfuncAddress _ ->
                  throw new IllegalStateException("queries are made for one kernel");
            });
      }
    }
    return after;
  }
}
