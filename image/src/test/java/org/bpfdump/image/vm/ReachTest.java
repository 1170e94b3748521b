// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Disassembler;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.asm.Wide;
import org.bpfdump.error.BpfdumpException;
import org.junit.jupiter.api.Test;

/** What is said not to be reached is never run, whatever else the program does. */
class ReachTest {
  private static final long SEED = Long.getLong("bpfdump.seed", 20260101);
  private static final int COUNT = Integer.getInteger("bpfdump.fuzz", 1500);
  private static final int CALL = 0x85;

  /** The pages of the kernel, which nobody changes. */
  private static OptionalLong page(long address, int size) {
    long page = (address - Machines.KERNEL) / 4096;
    boolean inside =
        address >= Machines.KERNEL
            && (address + size - 1 - Machines.KERNEL) / 4096 == page
            && page < Machines.PAGES;
    long bytes = (page + 1) * 0x0101_0101_0101_0101L;
    return inside ? OptionalLong.of(bytes >>> (64 - 8 * size)) : OptionalLong.empty();
  }

  private static BitSet reach(Program program) {
    return Reach.of(program.code(), program.catcher(), ReachTest::page);
  }

  /** The program with a call in the place of each instruction that is not reached. */
  private static Program trapped(Program program, BitSet reached, int[] traps) {
    long[] slots = program.code().toArray();
    Map<Integer, Helper> calls = new HashMap<>(program.calls());
    Helper trap =
        (_, _, _, _, _, _) -> {
          throw new AssertionError("reached");
        };
    for (int slot = 0; slot < slots.length; ) {
      Instruction instruction = Instruction.decode(program.code(), slot);
      int next = slot + instruction.slots();
      boolean shapes =
          switch (instruction) {
            case Instruction.Exit _,
                Instruction.Jump _,
                Instruction.JumpIf _,
                Instruction.MayJump _,
                Instruction.CallFunction _ ->
                true;
            case Instruction.LoadWide load -> load.kind() == Wide.FUNC;
            default -> false;
          };
      for (; slot < next; slot++) {
        if (!shapes && !reached.get(next - instruction.slots())) {
          slots[slot] = Code.slot(CALL, 0, 0, 0, 1);
          calls.put(slot, trap);
          traps[0]++;
        }
      }
    }
    return new Program(program.name(), Code.of(slots), calls, program.catcher());
  }

  private static String run(Program program) {
    Processor processor = Machines.of(20_000);
    byte[] context = new byte[64];
    for (int i = 0; i < context.length; i++) {
      context[i] = (byte) (7 * i);
    }
    long address = processor.own().add(context, true);
    try {
      return new Interpreter().prepare(program).run(processor, address) + Arrays.toString(context);
    } catch (BpfdumpException e) {
      return e.getMessage();
    }
  }

  private static void check(long seed, Program program, int[] traps) {
    Program trapped = trapped(program, reach(program), traps);
    assertThat(run(trapped))
        .as("seed %d%n%s", seed, new Disassembler().show(program.code()))
        .isEqualTo(run(program));
  }

  @Test
  void whatIsLeftOutIsNeverRun() {
    System.out.println("programs of -Dbpfdump.seed=" + SEED);
    int[] traps = {0};
    for (int i = 0; i < COUNT; i++) {
      check(SEED + i, new WildPrograms(SEED + i).next(40), traps);
      check(SEED + i, Machines.program(new TameProgram(SEED + i).code()), traps);
    }
    assertThat(traps[0]).isGreaterThan(COUNT);
  }

  @Test
  void endsOnAnySlots() {
    java.util.Random random = new java.util.Random(SEED);
    for (int i = 0; i < COUNT; i++) {
      long[] slots = random.longs(1 + random.nextInt(50)).toArray();
      BitSet reached = Reach.of(Code.of(slots), Program.NONE, ReachTest::page);
      assertThat(reached.get(0)).isTrue();
      assertThat(reached.length()).isLessThanOrEqualTo(slots.length);
    }
  }

  @Test
  void loopsThatGoOnForLongAreFollowedBriefly() {
    Assembler asm = new Assembler().move(Register.R0, 0);
    Assembler.Label again = asm.label();
    Assembler.Label never = asm.label();
    asm.place(again)
        .alu(Arithmetic.ADD, Register.R0, 1)
        .jumpIf(Condition.LT, Register.R0, 1_000_000, again)
        .jumpIf(Condition.LT, Register.R0, 7, never)
        .exit()
        .place(never)
        .exit();
    assertThat(Reach.of(asm.code(), Program.NONE, ReachTest::page).cardinality()).isEqualTo(6);
  }

  @Test
  void valuesOfConstantMemoryDecide() {
    Assembler asm = new Assembler();
    Assembler.Label out = asm.label();
    int refused =
        asm.load(Register.R1, Wide.VALUE, (int) Machines.KERNEL, (int) (Machines.KERNEL >>> 32))
            .load(Size.WORD, Register.R2, Register.R1, 4098)
            .move(Register.R0, 0)
            .jumpIf(Condition.EQ, Register.R2, 0x02020202, out)
            .slot();
    asm.call(1).place(out).exit();
    assertThat(Reach.of(asm.code(), Program.NONE, ReachTest::page).get(refused)).isFalse();
    assertThat(Reach.of(asm.code(), Program.NONE, (_, _) -> OptionalLong.empty()).get(refused))
        .isTrue();
  }
}
