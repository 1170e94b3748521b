// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.ProgramException;
import org.bpfdump.error.UnsupportedException;
import org.junit.jupiter.api.Test;

/** Whatever a program is, the engines refuse it, end it or run it: nothing else comes out. */
class HostileProgramsTest {
  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);
  private static final int COUNT = Integer.getInteger("bpfdump.fuzz", 2000);
  private static final List<Engine> ENGINES = List.of(new Interpreter(), new Compiler());

  private static long run(Engine engine, Code code, Map<Integer, Helper> calls) {
    return engine.prepare(Machines.program(code, calls)).run(Machines.of(1 << 20), 0);
  }

  @Test
  void randomSlots() {
    System.out.println("slots of -Dbpfdump.seed=" + SEED);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    for (int i = 0; i < COUNT; i++) {
      long[] slots = random.longs(1 + random.nextInt(6)).toArray();
      for (int j = 0; j < slots.length; j++) {
        if (random.nextInt(3) != 0) {
          // Few bits: such are instructions more often.
          slots[j] &= 0x0000_000F_0003_33FFL;
        }
      }
      slots[slots.length - 1] = 0x95;
      for (Engine engine : ENGINES) {
        try {
          run(engine, Code.of(slots), Map.of());
        } catch (MalformedException | UnsupportedException | ProgramException expected) {
          assertThat(expected.getMessage()).contains("test").contains("slot");
        }
      }
    }
  }

  private static void refused(Code code, Class<? extends BpfdumpException> how, String why) {
    for (Engine engine : ENGINES) {
      assertThatThrownBy(() -> engine.prepare(Machines.program(code)))
          .isInstanceOf(how)
          .hasMessageContaining(why);
    }
  }

  @Test
  void codeThatIsNone() {
    refused(Code.of(), MalformedException.class, "program test has 0 slots");
    refused(Code.of(0xFF, 0x95), MalformedException.class, "at slot 0 no instruction: 0xff");
    refused(Code.of(0x18), MalformedException.class, "at slot 0 no instruction: 0x18");
    refused(
        Code.of(0x0000_0000_0001_0005L, 0x18, 0, 0x95),
        MalformedException.class,
        "at slot 0 a jump to slot 2");
    refused(Code.of(0x0000_0000_0005_0005L, 0x95), MalformedException.class, "a jump to slot 6");
    refused(Code.of(0xB7), MalformedException.class, "the end of a function that goes on");
    refused(Code.of(0x0AB7, 0x95), MalformedException.class, "changes r10");
    refused(Code.of(0x0BB7, 0x95), MalformedException.class, "r11");
    refused(Code.of(0x1018, 0x0, 0x95), MalformedException.class, "was not relocated");
    refused(Code.of(0x20, 0x95), UnsupportedException.class, "network packets");
    refused(Code.of(0x0000_0001_0001_10BFL, 0x95), UnsupportedException.class, "arenas");
    refused(
        Code.of(0x7FFF_FFFF_0000_1085L, 0x95), MalformedException.class, "a function that is at");
  }

  @Test
  void jumpsIntoAnotherFunction() {
    Assembler asm = new Assembler();
    Assembler.Label function = asm.label();
    Assembler.Label inside = asm.label();
    Code code =
        asm.call(function)
            .jump(inside)
            .place(function)
            .move(Register.R0, 0)
            .place(inside)
            .exit()
            .code();
    refused(code, MalformedException.class, "at slot 1 a jump to slot 3");
  }

  @Test
  void recursionWithoutEnd() {
    Assembler asm = new Assembler();
    Assembler.Label function = asm.label();
    Code code = asm.call(function).exit().place(function).call(function).exit().code();
    for (Engine engine : ENGINES) {
      assertThatThrownBy(() -> run(engine, code, Map.of()))
          .isInstanceOf(ProgramException.class)
          .hasMessage("program test, slot 2: calls more than 16 functions inside each other");
    }
  }

  @Test
  void programsOfTheLargestSize() {
    long[] slots = new long[1_000_000];
    Arrays.fill(slots, 0x0000_0001_0000_0007L);
    slots[slots.length - 1] = 0x95;
    for (Engine engine : ENGINES) {
      assertThat(run(engine, Code.of(slots), Map.of())).isEqualTo(999_999);
    }
    refused(Code.of(Arrays.copyOf(slots, 1_000_001)), MalformedException.class, "1000001 slots");
  }

  @Test
  void largeProgramsThatAreCompiledInParts() {
    Assembler asm = new Assembler().move(Register.R0, 0);
    for (int i = 1; i < 15_000; i++) {
      asm.alu(Arithmetic.ADD, Register.R0, i)
          .store(Size.DOUBLE, Register.R10, -8 * (1 + i % 64), Register.R0);
    }
    Code code = asm.exit().code();
    assertThat(new Compiler().prepare(Machines.program(code))).isInstanceOf(Compiled.class);
    for (Engine engine : ENGINES) {
      assertThat(run(engine, code, Map.of())).isEqualTo(14_999L * 15_000 / 2);
    }
  }

  @Test
  void tailCallsWithoutEnd() {
    Code code = new Assembler().call(12).move(Register.R0, 77).exit().code();
    for (Engine engine : ENGINES) {
      Engine.Prepared[] self = new Engine.Prepared[1];
      int[] runs = new int[1];
      Helper helper =
          (machine, _, _, _, _, _) -> {
            runs[0]++;
            return machine.tailCall(self[0]) ? 0 : -1;
          };
      self[0] = engine.prepare(Machines.program(code, Map.of(0, helper)));
      assertThat(self[0].run(Machines.of(), 0)).isEqualTo(77);
      assertThat(runs[0]).isEqualTo(34);
    }
  }

  @Test
  void mayGotoThatNobodyEnds() {
    Assembler asm = new Assembler().move(Register.R0, 0);
    Assembler.Label head = asm.label();
    asm.place(head).alu(Arithmetic.ADD, Register.R0, 1);
    Code code = asm.add(new Instruction.MayJump(1)).jump(head).exit().code();
    for (Engine engine : ENGINES) {
      assertThat(engine.prepare(Machines.program(code)).run(Machines.of(), 0))
          .isEqualTo(Processor.MAY_JUMPS + 1);
    }
  }

  @Test
  void functionsThatEndTheProgramFromWithinACallback() {
    Assembler asm = new Assembler();
    Assembler.Label called = asm.label();
    Assembler.Label caught = asm.label();
    asm.loadFunction(Register.R1, called);
    int calls = asm.slot();
    asm.call(1).move(Register.R0, 5).exit().place(called);
    int throwing = asm.slot();
    asm.call(2).exit().place(caught);
    int handler = asm.slot();
    Code code =
        asm.move(Register.R0, Register.R1).alu(Arithmetic.ADD, Register.R0, 1).exit().code();
    Map<Integer, Helper> helpers =
        Map.of(
            calls,
            (m, function, _, _, _, _) -> m.callback(function, 0, 0, 0, 0, 0),
            throwing,
            (m, _, _, _, _, _) -> {
              throw m.end(41);
            });
    for (Engine engine : ENGINES) {
      Program program = new Program("test", code, helpers, handler);
      Engine.Prepared prepared = engine.prepare(program);
      Processor processor = Machines.of();
      assertThat(prepared.run(processor, 0)).isEqualTo(42);
      assertThat(prepared.run(processor, 0)).isEqualTo(42);
    }
  }

  @Test
  void functionsForWhatIsThrownThatThrow() {
    Assembler asm = new Assembler();
    int first = asm.slot();
    asm.call(1).exit();
    int catcher = asm.slot();
    Code code = asm.call(1).exit().code();
    Helper thrower =
        (m, _, _, _, _, _) -> {
          throw m.end(1);
        };
    Program program = new Program("test", code, Map.of(first, thrower, catcher, thrower), catcher);
    for (Engine engine : ENGINES) {
      Engine.Prepared prepared = engine.prepare(program);
      Processor processor = Machines.of();
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> prepared.run(processor, 0))
            .isInstanceOf(ProgramException.class)
            .hasMessage("program test, slot 2: throws in its function for what it throws");
      }
    }
  }
}
