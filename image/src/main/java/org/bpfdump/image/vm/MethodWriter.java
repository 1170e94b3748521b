// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ConstantDescs;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Register;

/**
 * Writes the method of a function, or of a part of one. BPF registers are local variables; blocks
 * are where they were, so that a jump is a jump.
 */
final class MethodWriter {
  private static final int TAIL_CALL = 12;

  private static final int PROCESSOR = 0;

  private final CodeBuilder code;
  private final Admitted program;
  private final HelperFields helpers;
  private final Flow flow;
  private final int from;
  private final int to;

  /** Null for a function that is whole. */
  private final Parts parts;

  private final BitSet entries;

  private final Label[] labels;
  private final StackMaps maps;
  private final Variables variables;
  private final MemoryWriter memory;
  private final ValueWriter values;

  /** Where a part ends. */
  private Label epilogue;

  private int start;

  MethodWriter(
      CodeBuilder code,
      Admitted program,
      HelperFields helpers,
      Flow flow,
      int from,
      int to,
      Parts parts,
      BitSet entries) {
    this.code = code;
    this.program = program;
    this.helpers = helpers;
    this.flow = flow;
    this.from = from;
    this.to = to;
    this.parts = parts;
    this.entries = entries;
    this.labels = new Label[to - from];
    this.maps = Variables.maps(code, parts == null);
    this.variables = new Variables(code, maps, parts == null);
    this.values = new ValueWriter(code, variables.registers());
    this.memory = new MemoryWriter(code, maps, flow, variables.registers(), values);
  }

  /** Writes all of it. {@code start} is the function's first slot. */
  void write(int functionStart) {
    start = functionStart;
    for (int slot = from; slot < to; slot++) {
      if (flow.isLeader(slot)) {
        labels[slot - from] = code.newLabel();
      }
    }
    memory.findOrigins(program, from, to);
    begin();
    for (int slot = from; slot < to; ) {
      Instruction instruction = program.instruction(slot);
      int next = slot + instruction.slots();
      if (flow.reached(slot)) {
        if (labels[slot - from] != null) {
          maps.bind(labels[slot - from]);
        }
        write(slot, instruction);
        if (next >= to && goesOn(instruction)) {
          goTo(slot, to);
        }
      }
      slot = next;
    }
    end();
  }

  private static boolean goesOn(Instruction instruction) {
    return !(instruction instanceof Instruction.Jump || instruction instanceof Instruction.Exit);
  }

  private void begin() {
    boolean backward = false;
    boolean mays = false;
    for (int slot = from; slot < to; slot++) {
      int target = Parts.target(program, slot);
      if (flow.reached(slot) && target >= 0) {
        backward |= target <= slot;
        mays |= program.instruction(slot) instanceof Instruction.MayJump;
      }
    }
    int frame = variables.begin(backward, mays);
    memory.begin(frame);
    if (parts != null) {
      epilogue = code.newLabel();
      enter();
    }
  }

  /** Jumps to where a part is to begin. */
  private void enter() {
    List<SwitchCase> cases = new ArrayList<>();
    for (int entry = entries.nextSetBit(0); entry >= 0; entry = entries.nextSetBit(entry + 1)) {
      cases.add(SwitchCase.of(parts.number(entry), labels[entry - from]));
    }
    code.iload(Variables.ENTRY_OF_PART).tableswitch(cases.getFirst().target(), cases);
  }

  private void end() {
    if (parts != null) {
      maps.bind(epilogue);
      variables.endPart();
    }
    maps.end();
  }

  private void write(int slot, Instruction instruction) {
    switch (instruction) {
      case Instruction.Alu alu -> values.alu(alu);
      case Instruction.Negate negate -> values.negate(negate);
      case Instruction.SignExtend extend -> values.signExtend(extend);
      case Instruction.ByteSwap swap -> values.swap(swap);
      case Instruction.Load load -> memory.load(slot, load);
      case Instruction.Store store -> memory.store(slot, store);
      case Instruction.Atomic atomic -> memory.atomic(slot, atomic);
      case Instruction.LoadWide load -> {
        values.constant(
            switch (load.kind()) {
              case FUNC -> ProgramMemory.function(slot + 1 + load.low());
              case VALUE, MAP_FD, MAP_VALUE, BTF_ID, MAP_INDEX, MAP_INDEX_VALUE -> load.value();
            });
        code.lstore(variables.register(load.dst().number()));
        memory.made(slot, load.dst());
      }
      case Instruction.Jump jump -> goTo(slot, slot + 1 + jump.offset());
      case Instruction.JumpIf jump -> jumpIf(slot, jump);
      case Instruction.MayJump jump -> mayJump(slot, jump);
      case Instruction.CallHelper call -> {
        help(slot);
        if (call.helper() == TAIL_CALL) {
          tail(slot);
        }
      }
      case Instruction.CallKernel _ -> help(slot);
      case Instruction.CallFunction call -> {
        at(slot);
        variables.giveBudget();
        code.aload(PROCESSOR);
        arguments();
        int function = program.functionAt(slot + 1 + call.offset());
        code.invokestatic(Names.PROGRAM, Names.function(function), Names.FUNCTION);
        result(slot);
      }
      case Instruction.Exit _ -> exit(slot);
      case Instruction.AddressCast _, Instruction.LoadPacket _, Instruction.Unknown _ ->
          throw new IllegalStateException(instruction + " was let through");
    }
  }

  private void at(int slot) {
    code.aload(PROCESSOR).loadConstant(slot);
    code.putfield(Names.PROCESSOR, "slot", ConstantDescs.CD_int);
  }

  private void arguments() {
    for (int register = 1; register <= 5; register++) {
      code.lload(variables.register(register));
    }
  }

  private void result(int slot) {
    code.lstore(variables.register(0));
    variables.takeBudget();
    memory.made(slot, Register.R0);
  }

  private void help(int slot) {
    int helper = helpers.of(slot);
    if (helper < 0) {
      code.aload(PROCESSOR).loadConstant(slot);
      code.invokestatic(Names.ACCESS, "notGiven", Signatures.NOT_GIVEN).athrow();
      // What follows is reached by nothing, and is still checked.
      maps.bindInside(code.newLabel());
      return;
    }
    at(slot);
    variables.giveBudget();
    code.getstatic(Names.PROGRAM, HelperFields.name(helper), Names.HELPER).aload(PROCESSOR);
    arguments();
    code.invokeinterface(Names.HELPER, "call", Names.HELP);
    result(slot);
  }

  /** Ends the function if the helper just called made it go on as another program. */
  private void tail(int slot) {
    if (helpers.of(slot) < 0) {
      return;
    }
    Label on = code.newLabel();
    code.aload(PROCESSOR).invokevirtual(Names.PROCESSOR, "tailed", Signatures.TAILED).ifeq(on);
    code.aload(PROCESSOR).lload(variables.register(1));
    code.invokevirtual(Names.PROCESSOR, "runTail", Signatures.RUN_TAIL)
        .lstore(variables.register(0));
    variables.takeBudget();
    exit(slot);
    maps.bindInside(on);
  }

  private void exit(int slot) {
    variables.giveBudget();
    code.aload(PROCESSOR).loadConstant(slot + 1 - start).loadConstant(slot);
    code.invokevirtual(Names.PROCESSOR, "exit", Signatures.EXIT);
    if (parts == null) {
      code.lload(variables.register(0)).lreturn();
    } else {
      code.aload(Variables.FRAME_OF_PART).getfield(Names.FRAME, "registers", Names.LONGS);
      code.iconst_0().lload(variables.register(0)).lastore();
      code.iconst_m1().ireturn();
    }
  }

  /** Leaves the part for an entry of another. */
  private void leave(int entry) {
    code.loadConstant(entry).istore(Variables.ENTRY_OF_PART).goto_(epilogue);
  }

  private boolean isNear(int slot, int target) {
    return target > slot && target < to;
  }

  private void goTo(int slot, int target) {
    if (target <= slot) {
      Label enough = code.newLabel();
      code.lload(variables.budget())
          .loadConstant(slot + 1L - target)
          .lsub()
          .dup2()
          .lstore(variables.budget());
      code.lconst_0().lcmp().ifge(target >= from ? labels[target - from] : enough);
      code.aload(PROCESSOR).lload(variables.budget()).loadConstant(slot);
      code.invokestatic(Names.ACCESS, "exhausted", Signatures.EXHAUSTED).athrow();
      if (target >= from) {
        return;
      }
      maps.bindInside(enough);
    }
    if (target >= from && target < to) {
      code.goto_(labels[target - from]);
    } else {
      leave(parts.number(target));
    }
  }

  private void jumpIf(int slot, Instruction.JumpIf jump) {
    int target = slot + 1 + jump.offset();
    if (isNear(slot, target)) {
      values.branch(jump, labels[target - from], true);
    } else {
      Label on = code.newLabel();
      values.branch(jump, on, false);
      goTo(slot, target);
      maps.bindInside(on);
    }
  }

  private void mayJump(int slot, Instruction.MayJump jump) {
    Label on = code.newLabel();
    Label taken = code.newLabel();
    code.iload(variables.mayJumps()).ifeq(taken).iinc(variables.mayJumps(), -1).goto_(on);
    maps.bindInside(taken);
    goTo(slot, slot + 1 + jump.offset());
    maps.bindInside(on);
  }
}
