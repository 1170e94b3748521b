// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import static org.assertj.core.api.Assertions.assertThat;

import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.junit.jupiter.api.Test;

class TieredEngineTest {
  @Test
  void givesTheSameBeforeAndAfterAProgramIsCompiled() {
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
    Engine.Prepared prepared = new TieredEngine(100).prepare(Machines.program(code));
    Processor processor = Machines.of();
    for (int i = 1; i < 3000; i++) {
      assertThat(prepared.run(processor, i)).isEqualTo(i * (i + 1L) / 2);
    }
  }

  /** So that a query that is repeated, as {@code --watch} does, is compiled once. */
  @Test
  void theSameProgramStaysReadyAndOthersDoNotPileUp() {
    Engine engine = new TieredEngine();
    Engine.Prepared first = engine.prepare(Machines.program(returning(0)));
    assertThat(engine.prepare(Machines.program(returning(0)))).isSameAs(first);
    for (int i = 1; i < 100; i++) {
      assertThat(engine.prepare(Machines.program(returning(i)))).isNotSameAs(first);
    }
    assertThat(engine.prepare(Machines.program(returning(0)))).isNotSameAs(first);
  }

  private static Code returning(int value) {
    return new Assembler().move(Register.R0, value).exit().code();
  }
}
