// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ConstantDescs;

/** The local variables of a method that all its instructions use, and how they come and go. */
final class Variables {
  private static final int PROCESSOR = 0;

  /** Parameters of a part. */
  static final int FRAME_OF_PART = 1;

  static final int ENTRY_OF_PART = 2;

  private final CodeBuilder code;
  private final StackMaps maps;
  private final boolean whole;
  private final int[] registers = new int[11];
  private int budget = -1;
  private int mayJumps = -1;

  /**
   * @param whole whether the method is all of a function
   */
  Variables(CodeBuilder code, StackMaps maps, boolean whole) {
    this.code = code;
    this.maps = maps;
    this.whole = whole;
  }

  /** The stack maps of a method with its parameters. */
  static StackMaps maps(CodeBuilder code, boolean whole) {
    return whole
        ? new StackMaps(
            code,
            StackMaps.PROCESSOR,
            StackMaps.LONG,
            StackMaps.LONG,
            StackMaps.LONG,
            StackMaps.LONG,
            StackMaps.LONG)
        : new StackMaps(code, StackMaps.PROCESSOR, StackMaps.FRAME, StackMaps.INT);
  }

  /** Those of the registers, by number. */
  int[] registers() {
    return registers;
  }

  /** That of a register. */
  int register(int number) {
    return registers[number];
  }

  /** That of what is left of the budget; negative where no jump goes backward. */
  int budget() {
    return budget;
  }

  /** That of how often {@code may_goto} goes on; negative where there is none. */
  int mayJumps() {
    return mayJumps;
  }

  /**
   * Writes the start of the method.
   *
   * @param backward whether it has jumps backward
   * @param mays whether it has {@code may_goto}
   * @return the local variable of the frame
   */
  int begin(boolean backward, boolean mays) {
    int frame = whole ? beginFunction() : beginPart();
    registers[10] = maps.local(StackMaps.LONG);
    code.aload(frame).getfield(Names.FRAME, "pointer", ConstantDescs.CD_long).lstore(registers[10]);
    if (backward) {
      budget = maps.local(StackMaps.LONG);
      takeBudget();
    }
    if (mays) {
      mayJumps = maps.local(StackMaps.INT);
      if (whole) {
        code.loadConstant(Processor.MAY_JUMPS);
      } else {
        code.aload(frame).getfield(Names.FRAME, "mayJumps", ConstantDescs.CD_int);
      }
      code.istore(mayJumps);
    }
    return frame;
  }

  private int beginFunction() {
    int frame = maps.local(StackMaps.FRAME);
    code.aload(PROCESSOR).invokevirtual(Names.PROCESSOR, "enter", Signatures.ENTER).astore(frame);
    for (int register = 0; register < 10; register++) {
      if (register >= 1 && register <= 5) {
        registers[register] = 2 * register - 1;
      } else {
        registers[register] = maps.local(StackMaps.LONG);
        code.lconst_0().lstore(registers[register]);
      }
    }
    return frame;
  }

  private int beginPart() {
    for (int register = 0; register < 10; register++) {
      registers[register] = maps.local(StackMaps.LONG);
      code.aload(FRAME_OF_PART).getfield(Names.FRAME, "registers", Names.LONGS);
      code.loadConstant(register).laload().lstore(registers[register]);
    }
    return FRAME_OF_PART;
  }

  /** Writes the end of a part after which another goes on. */
  void endPart() {
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

  /** Writes that the budget is the machine's: it has changed that. */
  void takeBudget() {
    if (budget >= 0) {
      code.aload(PROCESSOR).getfield(Names.PROCESSOR, "budget", ConstantDescs.CD_long);
      code.lstore(budget);
    }
  }

  /** Writes that the machine's budget is that of the method: it will look. */
  void giveBudget() {
    if (budget >= 0) {
      code.aload(PROCESSOR).lload(budget);
      code.putfield(Names.PROCESSOR, "budget", ConstantDescs.CD_long);
    }
  }
}
