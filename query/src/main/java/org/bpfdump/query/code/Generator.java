// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.query.code.Emission.CONTEXT;
import static org.bpfdump.query.code.Emission.SCRATCH;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.row.RowLayout;

/** Makes the program of a plan. */
public final class Generator {
  /** Bytes of the map that rows are collected in, to begin with. */
  public static final int FIRST_COLLECTION = 1 << 20;

  // struct bpf_iter_meta, which programs see and which therefore does not change.
  static final int SESSION = 8;
  private static final int NUMBER = 16;

  private final Plan plan;
  private final Btf kernel;
  private final RowLayout layout;
  private final Emission out;
  private final Assembler asm;
  private final Values values;
  private final Conditions conditions;
  private final LongTexts longTexts;
  private final RowWriter rows;
  private final ProgramMaps maps = new ProgramMaps();
  private final Source source = new Source();
  private final Sink sink;
  private final Target.Argument object;
  private final Set<Place> demoted;
  private final int capacity;
  private final Form form;

  /** Null where rows are records. */
  private final TextWriter lines;

  private Generator(Plan plan, Btf kernel, Form form, Set<Place> demoted, int capacity) {
    this.plan = plan;
    this.kernel = kernel;
    this.demoted = demoted;
    this.capacity = capacity;
    this.form = form;
    object = object(plan.target());
    layout = RowLayout.of(plan.columns());
    int chunk = 16;
    for (int size : layout.chunks()) {
      chunk = Math.max(chunk, size);
    }
    out = new Emission(kernel, new Facts(demoted, object.offset()), new Frame(chunk));
    asm = out.asm;
    values = new Values(out, maps);
    Bytes bytes = new Bytes(out, values);
    longTexts = new LongTexts(out, values, bytes, maps);
    conditions = new Conditions(out, values, new Texts(out, values, bytes, longTexts));
    values.with(conditions);
    longTexts.with(conditions);
    sink =
        form == Form.RECORDS && collects(plan.target())
            ? new Sink.Collection(out, maps.rows(capacity), capacity, out.frame.take())
            : new Sink.Stream(out);
    rows = new RowWriter(out, values, bytes, longTexts, sink, source);
    lines =
        form == Form.RECORDS
            ? null
            : new TextWriter(plan.columns(), form, out, values, bytes, longTexts, maps, source);
  }

  /** The program of a plan made for this kernel. */
  public static Compiled compile(Plan plan, Btf kernel) {
    return compile(plan, kernel, Form.RECORDS);
  }

  /** The same with rows of a form. */
  public static Compiled compile(Plan plan, Btf kernel, Form form) {
    return compile(plan, kernel, form, Set.of(), FIRST_COLLECTION);
  }

  /**
   * The same, where the first try has shown more.
   *
   * @param demoted places that the plan reads directly and the verifier does not let it: they are
   *     probed
   * @param capacity bytes of the map, where rows are collected in one
   */
  static Compiled compile(Plan plan, Btf kernel, Form form, Set<Place> demoted, int capacity) {
    return new Generator(plan, kernel, form, demoted, capacity).make();
  }

  /**
   * Whether rows of a target are collected in a map ({@link org.bpfdump.query.row.Collected}): it
   * can be read for one buffer of the kernel only. A program that writes nothing is called for
   * every object all the same.
   */
  public static boolean collects(Target target) {
    return target.name().equals("cgroup") || target.name().equals("dmabuf");
  }

  /** What is NULL in the call after the last object. */
  static Target.Argument object(Target target) {
    for (Target.Argument argument : target.arguments()) {
      if (argument.nullable()) {
        return argument;
      }
    }
    throw new UnsupportedException(
        "target " + target.path() + " gives no object that a query could look at");
  }

  private Compiled make() {
    Assembler.Label last = asm.label();
    Assembler.Label not = asm.label();
    Assembler.Label out0 = asm.label();
    Assembler.Label busy = asm.label();
    source.begins(asm.slot(), Source.FRAME, "the end, and the first object");
    asm.move(CONTEXT, R1).load(Size.DOUBLE, Register.R8, CONTEXT, object.offset());
    out.held.put(object.offset(), Register.R8);
    asm.jumpIf(Condition.EQ, Register.R8, 0, last);
    asm.load(Size.DOUBLE, R1, CONTEXT, 0);
    if (sink instanceof Sink.Collection collection) {
      collection.pass();
    } else {
      stale(last);
      Assembler.Label started = asm.label();
      asm.load(Size.DOUBLE, R2, R1, NUMBER).jumpIf(Condition.NE, R2, 0, started);
      begin(out0);
      asm.place(started);
    }
    hold();
    out.shared.find(plan);
    if (plan.where().isPresent()) {
      source.begins(asm.slot(), Source.CONDITION, plan.condition());
      Value where = plan.where().get();
      if (out.facts.scratch(where)) {
        longTexts.claim(busy);
      }
      out.shared.load(true, values);
      Assembler.Label matches = asm.label();
      conditions.decide(where, new Targets(matches, not, not, matches), SCRATCH);
      asm.place(matches);
    }
    boolean claimed = longTexts.claimed();
    if (rooms()) {
      longTexts.claim(busy);
    }
    source.begins(asm.slot(), Source.FRAME, "pointers that several columns follow");
    out.shared.load(false, values);
    Assembler.Label full = asm.label();
    if (lines == null) {
      rows.write(plan.columns(), layout, full);
    } else {
      lines.write(full);
    }
    leave(0);
    out.flush();
    source.begins(asm.slot(), Source.FRAME, "the end");
    asm.place(full);
    if (lines == null) {
      missed();
    } else {
      failed();
    }
    leave(0);
    asm.place(not);
    if (claimed) {
      leave(0);
    } else {
      asm.jump(out0);
    }
    asm.place(busy);
    boolean again = sink instanceof Sink.Stream;
    missed();
    asm.move(R0, again ? 1 : 0).exit();
    asm.place(last);
    if (lines != null) {
      lines.last(NUMBER, out0);
    } else if (sink instanceof Sink.Stream) {
      asm.load(Size.DOUBLE, R1, CONTEXT, 0).load(Size.DOUBLE, R1, R1, NUMBER);
      asm.store(Size.DOUBLE, R10, out.frame.chunk() + 8, R1);
      header(RowLayout.Kind.END);
      write(16, out0);
    }
    asm.place(out0).move(R0, 0).exit();
    return source.compiled(plan, layout, out, maps, form, demoted, capacity);
  }

  /** Whether columns need the room that a map has for long texts. */
  private boolean rooms() {
    boolean rooms = lines == null ? layout.texts() > 0 : lines.rooms();
    for (Column column : plan.columns()) {
      for (Value part : RowWriter.parts(column.cell())) {
        rooms |= out.facts.scratch(part);
      }
    }
    return rooms;
  }

  /** What comes before all rows. */
  private void begin(Assembler.Label full) {
    if (lines == null) {
      header(RowLayout.Kind.BEGIN);
      write(8, full);
    } else {
      lines.header(full);
    }
  }

  /**
   * A line that could not be written: where the buffer is full, the kernel drops it whole and asks
   * for it again; otherwise something else uses what formats need on this CPU, and we ask for that.
   */
  private void failed() {
    Assembler.Label full = asm.label();
    asm.jumpIf(Condition.EQ, R0, Printing.OVERFLOW, full);
    leave(1);
    asm.place(full);
  }

  /** A row that there was no room for. */
  private void missed() {
    if (sink instanceof Sink.Collection collection) {
      out.mapValue(R1, maps.rows(capacity));
      collection.count(org.bpfdump.query.row.Collected.MISSED);
    }
  }

  private void leave(int result) {
    longTexts.release();
    asm.move(R0, result).exit();
  }

  private void header(RowLayout.Kind kind) {
    RowWriter.header(asm, out, kind.code());
    asm.store(Size.WORD, R10, out.frame.chunk() + RowWriter.low(out), 0);
  }

  private void write(int bytes, Assembler.Label full) {
    out.stackAddress(R2, out.frame.chunk());
    asm.move(R3, bytes);
    sink.write(full);
  }

  /**
   * After the last symbol, the target {@code ksym} shows its position once more where others show
   * NULL: past the last of the symbols of BPF programs and of probes, which come last, so that the
   * position is one more than the number of the object. Source: {@code kernel/kallsyms.c}.
   */
  private void stale(Assembler.Label last) {
    BtfType.Struct position =
        plan.target().name().equals("ksym")
            ? kernel.find("kallsym_iter", BtfType.Struct.class).orElse(null)
            : null;
    int at = offset(position, "pos");
    int end = offset(position, "pos_bpf_end");
    if (at < 0 || end < 0) {
      return;
    }
    Assembler.Label no = asm.label();
    asm.load(Size.DOUBLE, R2, Register.R8, end)
        .jumpIf(Condition.EQ, R2, 0, no)
        .load(Size.DOUBLE, R2, Register.R8, at)
        .load(Size.DOUBLE, R3, R1, NUMBER)
        .alu(Arithmetic.ADD, R3, 1)
        .jumpIf(Condition.EQ, R2, R3, last)
        .place(no);
  }

  private static int offset(BtfType.Struct struct, String name) {
    if (struct != null) {
      for (BtfType.Member member : struct.members()) {
        if (member.name().equals(name)) {
          return member.bitOffset() / 8;
        }
      }
    }
    return -1;
  }

  /** Puts the context's pointer that is followed most, besides the object, into R7. */
  private void hold() {
    Map<Integer, Integer> uses = new HashMap<>();
    for (Column column : plan.columns()) {
      count(RowWriter.parts(column.cell()), uses);
    }
    count(new ArrayList<>(plan.where().map(List::of).orElse(List.of())), uses);
    uses.remove(object.offset());
    int most = 0;
    int best = -1;
    for (Map.Entry<Integer, Integer> entry : uses.entrySet()) {
      if (entry.getValue() > most) {
        most = entry.getValue();
        best = entry.getKey();
      }
    }
    if (best >= 0) {
      asm.load(Size.DOUBLE, Register.R7, CONTEXT, best);
      out.held.put(best, Register.R7);
    }
  }

  private static void count(List<Value> values, Map<Integer, Integer> uses) {
    for (Value value : values) {
      if (value instanceof Value.ContextPointer pointer) {
        uses.merge(pointer.offset(), 1, Integer::sum);
      }
      count(Facts.parts(value), uses);
    }
  }
}
