// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.error.ProgramException;
import org.junit.jupiter.api.Test;

class InterpreterTest {
  private static long run(Code code, Map<Integer, Helper> calls, Processor processor) {
    return new Interpreter().prepare(Machines.program(code, calls)).run(processor, 5);
  }

  @Test
  void returnsWhatItsLoopAddsUp() {
    Assembler asm = new Assembler();
    Assembler.Label head = asm.label();
    Code code =
        asm.move(Register.R0, 0)
            .place(head)
            .alu(Arithmetic.ADD, Register.R0, Register.R1)
            .alu(Arithmetic.SUB, Register.R1, 1)
            .jumpIf(Condition.NE, Register.R1, 0, head)
            .exit()
            .code();
    assertThat(run(code, Map.of(), Machines.of())).isEqualTo(15);
  }

  @Test
  void endsAnEndlessLoopWhenItsBudgetIsUsedUp() {
    Assembler asm = new Assembler();
    Assembler.Label head = asm.label();
    Code code = asm.move(Register.R0, 0).place(head).jump(head).code();
    assertThatThrownBy(() -> run(code, Map.of(), Machines.of(1000)))
        .isInstanceOf(ProgramException.class)
        .hasMessage(
            "program test, slot 1: runs on and on: more than 1000 instructions for one object");
  }

  @Test
  void keepsCalleesRegistersAndStackApart() {
    Assembler asm = new Assembler();
    Assembler.Label function = asm.label();
    Code code =
        asm.move(Register.R6, 100)
            .store(Size.DOUBLE, Register.R10, -8, 7)
            .call(function)
            .alu(Arithmetic.ADD, Register.R0, Register.R6)
            .load(Size.DOUBLE, Register.R1, Register.R10, -8)
            .alu(Arithmetic.ADD, Register.R0, Register.R1)
            .exit()
            .place(function)
            .store(Size.DOUBLE, Register.R10, -8, 1000)
            .move(Register.R6, 1)
            .load(Size.DOUBLE, Register.R0, Register.R10, -8)
            .exit()
            .code();
    assertThat(run(code, Map.of(), Machines.of())).isEqualTo(1107);
  }

  @Test
  void callsBackFromAHelper() {
    Assembler asm = new Assembler();
    Assembler.Label function = asm.label();
    asm.loadFunction(Register.R1, function);
    int call = asm.slot();
    Code code =
        asm.call(1)
            .exit()
            .place(function)
            .move(Register.R0, Register.R1)
            .alu(Arithmetic.MUL, Register.R0, Register.R2)
            .exit()
            .code();
    Helper helper = (m, f, _, _, _, _) -> 1 + m.callback(f, 6, 7, 0, 0, 0);
    assertThat(run(code, Map.of(call, helper), Machines.of())).isEqualTo(43);
  }

  @Test
  void readsZeroWhereTheKernelHasNoMemoryAndWritesNoneOfIt() {
    Code read = new Assembler().load(Size.DOUBLE, Register.R0, Register.R1, 0).exit().code();
    assertThat(run(read, Map.of(), Machines.of())).isZero();
    Code write = new Assembler().store(Size.WORD, Register.R1, 0, 1).exit().code();
    assertThatThrownBy(() -> run(write, Map.of(), Machines.of()))
        .isInstanceOf(ProgramException.class)
        .hasMessage("program test, slot 0: writes 4 bytes at 0x5, which is the kernel's memory");
  }
}
