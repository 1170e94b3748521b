// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.BitSet;
import java.util.Map;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Instruction;
import org.bpfdump.error.ProgramException;

/**
 * A program being interpreted, from the slots themselves: what they mean was checked before.
 * Numbers of opcodes: {@code include/uapi/linux/bpf.h}.
 */
final class Interpreted extends Executable {
  private static final int LD = 0;
  private static final int LDX = 1;
  private static final int ST = 2;
  private static final int STX = 3;
  private static final int ALU = 4;
  private static final int JMP = 5;
  private static final int JMP32 = 6;

  private static final int BY_REGISTER = 0x08;

  // Operations of jumps, in the upper four bits of the opcode.
  private static final int JUMP = 0x0;
  private static final int CALL = 0x8;
  private static final int EXIT = 0x9;
  private static final int MAY_JUMP = 0xE;

  // Modes of memory accesses, in the upper three.
  private static final int SIGNED = 0x4;
  private static final int ATOMIC = 0x6;

  private static final int FUNCTION = 1;
  private static final int TAIL_CALL = 12;

  /** Sizes of memory accesses, by two bits of the opcode. */
  private static final int[] SIZES = {4, 2, 1, 8};

  private final long[] slots;

  /** By slot; null where the program calls none. */
  private final Helper[] helpers;

  private final BitSet functions = new BitSet();

  Interpreted(Admitted admitted) {
    super(admitted.program());
    slots = admitted.program().code().toArray();
    for (int function = 0; function < admitted.functions(); function++) {
      functions.set(admitted.start(function));
    }
    int last = -1;
    for (int slot = 0; slot < slots.length; slot++) {
      if (admitted.instruction(slot) instanceof Instruction.CallHelper
          || admitted.instruction(slot) instanceof Instruction.CallKernel) {
        last = slot;
      }
    }
    helpers = new Helper[last + 1];
    for (Map.Entry<Integer, Helper> call : admitted.program().calls().entrySet()) {
      if (call.getKey() >= 0 && call.getKey() <= last) {
        helpers[call.getKey()] = call.getValue();
      }
    }
  }

  @Override
  long invoke(Processor processor, int slot, long r1, long r2, long r3, long r4, long r5) {
    if (slot < 0 || !functions.get(slot)) {
      throw new ProgramException("calls slot " + slot + ", where no function begins");
    }
    Frame frame = processor.enter();
    frame.begin(r1, r2, r3, r4, r5);
    return execute(processor, frame.registers, slot);
  }

  private long execute(Processor processor, long[] r, int start) {
    int pc = start;
    int mayJumps = Processor.MAY_JUMPS;
    while (true) {
      long slot = slots[pc];
      int opcode = (int) slot & 0xFF;
      int dst = Code.dst(slot);
      int src = Code.src(slot);
      switch (opcode & 7) {
        case LD -> {
          r[dst] =
              src == 0
                  ? (slot >>> 32) | (slots[pc + 1] & 0xFFFFFFFF00000000L)
                  : ProgramMemory.function(pc + 1 + Code.immediate(slot));
          pc++;
        }
        case LDX -> {
          processor.slot = pc;
          int size = SIZES[opcode >> 3 & 3];
          long value = processor.load(r[src] + Code.offset(slot), size);
          if (opcode >> 5 == SIGNED) {
            int unused = 64 - 8 * size;
            value = value << unused >> unused;
          }
          r[dst] = value;
        }
        case ST -> {
          processor.slot = pc;
          int size = SIZES[opcode >> 3 & 3];
          processor.store(r[dst] + Code.offset(slot), size, Code.immediate(slot));
        }
        case STX -> {
          processor.slot = pc;
          int size = SIZES[opcode >> 3 & 3];
          if (opcode >> 5 == ATOMIC) {
            Atomics.execute(processor, r, dst, src, Code.offset(slot), size, Code.immediate(slot));
          } else {
            processor.store(r[dst] + Code.offset(slot), size, r[src]);
          }
        }
        case ALU -> {
          long b = (opcode & BY_REGISTER) != 0 ? r[src] : Code.immediate(slot);
          r[dst] = Evaluation.narrow(opcode, Code.offset(slot), Code.immediate(slot), r[dst], b);
        }
        case JMP, JMP32 -> {
          int to = pc + 1;
          switch (opcode >> 4) {
            case JUMP -> to += (opcode & 7) == JMP ? Code.offset(slot) : Code.immediate(slot);
            case CALL -> {
              processor.slot = pc;
              if (src == FUNCTION) {
                r[0] = invoke(processor, to + Code.immediate(slot), r[1], r[2], r[3], r[4], r[5]);
              } else {
                r[0] = call(processor, r, pc);
                if (src == 0 && Code.immediate(slot) == TAIL_CALL && processor.tailed()) {
                  r[0] = processor.runTail(r[1]);
                  processor.exit(pc + 1 - start, pc);
                  return r[0];
                }
              }
            }
            case EXIT -> {
              processor.exit(pc + 1 - start, pc);
              return r[0];
            }
            case MAY_JUMP -> {
              if (mayJumps == 0) {
                to += Code.offset(slot);
              } else {
                mayJumps--;
              }
            }
            default -> {
              long b = (opcode & BY_REGISTER) != 0 ? r[src] : Code.immediate(slot);
              if (Evaluation.holds(opcode, r[dst], b)) {
                to += Code.offset(slot);
              }
            }
          }
          if (to <= pc) {
            processor.slot = pc;
            processor.charge(pc + 1 - to);
          }
          pc = to - 1;
        }
        default -> {
          long b = (opcode & BY_REGISTER) != 0 ? r[src] : Code.immediate(slot);
          r[dst] = Evaluation.wide(opcode, Code.offset(slot), r[dst], b);
        }
      }
      pc++;
    }
  }

  private long call(Processor processor, long[] r, int pc) {
    Helper helper = helpers[pc];
    if (helper == null) {
      throw processor.notGiven();
    }
    return helper.call(processor, r[1], r[2], r[3], r[4], r[5]);
  }
}
