// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bpfdump.asm.Instruction;

/**
 * A function cut into parts, each small enough for one method: the JVM leaves methods of more than
 * 8000 bytes to its interpreter. Between parts registers are in the frame, and the next part begins
 * at an <em>entry</em>; the entries of a function are numbered from its start on.
 */
final class Parts {
  /** Bytes that a method should have at most. */
  private static final int MOST = 6000;

  private final Admitted program;
  private final int function;

  /** First slots of the parts, and the function's end. */
  private final List<Integer> bounds;

  private final BitSet entries;

  private Parts(Admitted program, int function, List<Integer> bounds) {
    this.program = program;
    this.function = function;
    this.bounds = bounds;
    this.entries = entries();
  }

  static Parts of(Admitted program, int function) {
    return new Parts(
        program, function, cut(program, program.start(function), program.end(function)));
  }

  /** Cuts where few loops are, in the last part of what fits. */
  private static List<Integer> cut(Admitted program, int start, int end) {
    int[] loops = loops(program, start, end);
    List<Integer> bounds = new ArrayList<>();
    bounds.add(start);
    int from = start;
    int bytes = 0;
    for (int slot = start; slot < end; slot++) {
      bytes += Sizes.of(program.instruction(slot));
      if (bytes > MOST) {
        int best = -1;
        int taken = 0;
        for (int cut = from + 1; cut <= slot; cut++) {
          taken += Sizes.of(program.instruction(cut - 1));
          if (taken >= MOST / 2
              && program.instruction(cut) != null
              && (best < 0 || loops[cut - start] <= loops[best - start])) {
            best = cut;
          }
        }
        bounds.add(best);
        from = best;
        slot = best - 1;
        bytes = 0;
      }
    }
    bounds.add(end);
    return bounds;
  }

  /** By slot, how many jumps backward go over the place before it. */
  private static int[] loops(Admitted program, int start, int end) {
    int[] loops = new int[end - start + 1];
    for (int slot = start; slot < end; slot++) {
      int target = target(program, slot);
      if (target >= 0 && target <= slot) {
        loops[target + 1 - start]++;
        loops[slot + 1 - start]--;
      }
    }
    for (int i = 1; i < loops.length; i++) {
      loops[i] += loops[i - 1];
    }
    return loops;
  }

  /** Where the jump at a slot goes; negative when there is none. */
  static int target(Admitted program, int slot) {
    return switch (program.instruction(slot)) {
      case null -> -1;
      case Instruction.Jump jump -> slot + 1 + jump.offset();
      case Instruction.JumpIf jump -> slot + 1 + jump.offset();
      case Instruction.MayJump jump -> slot + 1 + jump.offset();
      default -> -1;
    };
  }

  private BitSet entries() {
    BitSet found = new BitSet();
    for (int part = 0; part + 1 < bounds.size(); part++) {
      int from = bounds.get(part);
      int to = bounds.get(part + 1);
      found.set(from);
      for (int slot = from; slot < to; slot++) {
        int target = target(program, slot);
        if (target >= 0 && (target < from || target >= to)) {
          found.set(target);
        }
      }
    }
    return found;
  }

  /** Number of the entry at a slot. */
  int number(int slot) {
    return entries.get(0, slot).cardinality();
  }

  void write(ClassBuilder made, HelperFields helpers) {
    boolean whole = bounds.size() == 2;
    for (int part = 0; part + 1 < bounds.size(); part++) {
      int from = bounds.get(part);
      int to = bounds.get(part + 1);
      BitSet own = entries.get(0, to);
      own.clear(0, from);
      Flow flow = Flow.of(program, from, to, own);
      made.withMethodBody(
          whole ? Names.function(function) : Names.part(function, part),
          whole ? Names.FUNCTION : Names.PART,
          ClassFile.ACC_STATIC,
          code ->
              new MethodWriter(code, program, helpers, flow, from, to, whole ? null : this, own)
                  .write(program.start(function)));
    }
    if (!whole) {
      made.withMethodBody(
          Names.function(function), Names.FUNCTION, ClassFile.ACC_STATIC, this::run);
    }
  }

  /** The method that calls the parts. */
  private void run(CodeBuilder code) {
    StackMaps maps =
        new StackMaps(
            code,
            StackMaps.PROCESSOR,
            StackMaps.LONG,
            StackMaps.LONG,
            StackMaps.LONG,
            StackMaps.LONG,
            StackMaps.LONG);
    int frame = maps.local(StackMaps.FRAME);
    int next = maps.local(StackMaps.INT);
    code.aload(0).invokevirtual(Names.PROCESSOR, "enter", Signatures.ENTER).astore(frame);
    code.aload(frame).lload(1).lload(3).lload(5).lload(7).lload(9);
    code.invokevirtual(Names.FRAME, "begin", Signatures.BEGIN);
    code.loadConstant(0).istore(next);
    Label again = code.newLabel();
    Label done = code.newLabel();
    maps.bind(again);
    branch(code, maps, 0, bounds.size() - 2, new Choice(frame, next, again, done));
    maps.bind(done);
    code.aload(frame).invokevirtual(Names.FRAME, "result", Signatures.RESULT).lreturn();
    maps.end();
  }

  /** Local variables and labels of the method that calls the parts. */
  private record Choice(int frame, int next, Label again, Label done) {}

  /** Finds by halves the part, from {@code low} to {@code high}, that has the entry. */
  private void branch(CodeBuilder code, StackMaps maps, int low, int high, Choice in) {
    if (low == high) {
      code.aload(0).aload(in.frame).iload(in.next);
      code.invokestatic(Names.PROGRAM, Names.part(function, low), Names.PART);
      code.dup().istore(in.next).ifge(in.again).goto_(in.done);
      return;
    }
    int middle = (low + high + 1) / 2;
    Label upper = code.newLabel();
    code.iload(in.next).loadConstant(number(bounds.get(middle))).if_icmpge(upper);
    branch(code, maps, low, middle - 1, in);
    maps.bind(upper);
    branch(code, maps, middle, high, in);
  }
}
