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

  /** Local variables that every method has: parameters. */
  private static final int PROCESSOR = 0;

  private static final int FRAME_OF_PART = 1;
  private static final int ENTRY_OF_PART = 2;

  private final CodeBuilder code;
  private final Admitted program;
  private final HelperFields helpers;
  private final Flow flow;
  private final int from;
  private final int to;

  /** Null for a function that is whole. */
  private final Parts parts;

  private final BitSet entries;

  /** The local variables of the registers. */
  private final int[] registers = new int[11];

  private final Label[] labels;
  private final StackMaps maps;
  private final MemoryWriter memory;
  private final ValueWriter values;

  /** Local variable of what is left of the budget; negative where no jump goes backward. */
  private int budget = -1;

  /** Local variable of how often {@code may_goto} goes on; negative where there is none. */
  private int mayJumps = -1;

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
    this.values = new ValueWriter(code, registers);
    this.maps =
        parts == null
            ? new StackMaps(
                code,
                StackMaps.PROCESSOR,
                StackMaps.LONG,
                StackMaps.LONG,
                StackMaps.LONG,
                StackMaps.LONG,
                StackMaps.LONG)
            : new StackMaps(code, StackMaps.PROCESSOR, StackMaps.FRAME, StackMaps.INT);
    this.memory = new MemoryWriter(code, maps, flow, registers, values);
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
    int frame = FRAME_OF_PART;
    if (parts == null) {
      for (int register = 1; register <= 5; register++) {
        registers[register] = 2 * register - 1;
      }
      frame = maps.local(StackMaps.FRAME);
      code.aload(PROCESSOR).invokevirtual(Names.PROCESSOR, "enter", Signatures.ENTER).astore(frame);
    } else {
      epilogue = code.newLabel();
    }
    for (int register = 0; register < 10; register++) {
      if (parts == null) {
        if (register == 0 || register > 5) {
          registers[register] = maps.local(StackMaps.LONG);
          code.lconst_0().lstore(registers[register]);
        }
      } else {
        registers[register] = maps.local(StackMaps.LONG);
        code.aload(frame).getfield(Names.FRAME, "registers", Names.LONGS);
        code.loadConstant(register).laload().lstore(registers[register]);
      }
    }
    registers[10] = maps.local(StackMaps.LONG);
    code.aload(frame).getfield(Names.FRAME, "pointer", ConstantDescs.CD_long).lstore(registers[10]);
    if (backward) {
      budget = maps.local(StackMaps.LONG);
      takeBudget();
    }
    if (mays) {
      mayJumps = maps.local(StackMaps.INT);
      if (parts == null) {
        code.loadConstant(Processor.MAY_JUMPS).istore(mayJumps);
      } else {
        code.aload(frame).getfield(Names.FRAME, "mayJumps", ConstantDescs.CD_int).istore(mayJumps);
      }
    }
    memory.begin(frame);
    if (parts != null) {
      enter();
    }
  }

  /** Jumps to where a part is to begin. */
  private void enter() {
    List<SwitchCase> cases = new ArrayList<>();
    for (int entry = entries.nextSetBit(0); entry >= 0; entry = entries.nextSetBit(entry + 1)) {
      cases.add(SwitchCase.of(parts.number(entry), labels[entry - from]));
    }
    code.iload(ENTRY_OF_PART).tableswitch(cases.getFirst().target(), cases);
  }

  private void end() {
    if (parts != null) {
      epilogue();
    }
    maps.end();
  }

  private void epilogue() {
    maps.bind(epilogue);
    for (int register = 0; register < 10; register++) {
      code.aload(FRAME_OF_PART).getfield(Names.FRAME, "registers", Names.LONGS);
      code.loadConstant(register).lload(registers[register]).lastore();
    }
    giveBudget();
    if (mayJumps >= 0) {
      code.aload(FRAME_OF_PART).iload(mayJumps);
      code.putfield(Names.FRAME, "mayJumps", ConstantDescs.CD_int);
    }
    code.iload(ENTRY_OF_PART).ireturn();
  }

  private void takeBudget() {
    if (budget >= 0) {
      code.aload(PROCESSOR).getfield(Names.PROCESSOR, "budget", ConstantDescs.CD_long);
      code.lstore(budget);
    }
  }

  private void giveBudget() {
    if (budget >= 0) {
      code.aload(PROCESSOR).lload(budget);
      code.putfield(Names.PROCESSOR, "budget", ConstantDescs.CD_long);
    }
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
        code.lstore(registers[load.dst().number()]);
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
        giveBudget();
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
      code.lload(registers[register]);
    }
  }

  private void result(int slot) {
    code.lstore(registers[0]);
    takeBudget();
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
    giveBudget();
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
    code.aload(PROCESSOR).lload(registers[1]);
    code.invokevirtual(Names.PROCESSOR, "runTail", Signatures.RUN_TAIL).lstore(registers[0]);
    takeBudget();
    exit(slot);
    maps.bindInside(on);
  }

  private void exit(int slot) {
    giveBudget();
    code.aload(PROCESSOR).loadConstant(slot + 1 - start).loadConstant(slot);
    code.invokevirtual(Names.PROCESSOR, "exit", Signatures.EXIT);
    if (parts == null) {
      code.lload(registers[0]).lreturn();
    } else {
      code.aload(FRAME_OF_PART).getfield(Names.FRAME, "registers", Names.LONGS);
      code.iconst_0().lload(registers[0]).lastore();
      code.iconst_m1().ireturn();
    }
  }

  /** Leaves the part for an entry of another. */
  private void leave(int entry) {
    code.loadConstant(entry).istore(ENTRY_OF_PART).goto_(epilogue);
  }

  private boolean isNear(int slot, int target) {
    return target > slot && target < to;
  }

  private void goTo(int slot, int target) {
    if (target <= slot) {
      Label enough = code.newLabel();
      code.lload(budget).loadConstant(slot + 1L - target).lsub().dup2().lstore(budget);
      code.lconst_0().lcmp().ifge(target >= from ? labels[target - from] : enough);
      code.aload(PROCESSOR).lload(budget).loadConstant(slot);
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
    code.iload(mayJumps).ifeq(taken).iinc(mayJumps, -1).goto_(on);
    maps.bindInside(taken);
    goTo(slot, slot + 1 + jump.offset());
    maps.bindInside(on);
  }
}
