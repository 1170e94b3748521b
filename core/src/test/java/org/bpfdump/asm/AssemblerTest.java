// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R1;
import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.asm.Register.R2;
import static org.bpfdump.asm.Register.R3;
import static org.bpfdump.asm.Register.R6;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import org.bpfdump.error.UnsupportedException;
import org.junit.jupiter.api.Test;

class AssemblerTest {
  private static String show(Code code) {
    return new Disassembler().show(code);
  }

  /** The bytes are those of a program that a kernel verified and ran. */
  @Test
  void theSmallestIteratorIsMadeByteForByte() {
    Code code =
        new Assembler()
            .load(Size.DOUBLE, R6, R1, 0)
            .load(Size.DOUBLE, R1, R6, 0)
            .move(R2, R10)
            .alu(Arithmetic.ADD, R2, -8)
            .store(Size.DOUBLE, R10, -8, 0x41)
            .move(R3, 1)
            .call(127)
            .move(R0, 0)
            .exit()
            .code();
    ByteBuffer bytes = ByteBuffer.allocate(72).order(ByteOrder.LITTLE_ENDIAN);
    code.write(bytes);
    assertThat(HexFormat.of().formatHex(bytes.array()))
        .isEqualTo(
            "79160000000000007961000000000000bfa200000000000007020000f8ffffff7a0af8ff41000000"
                + "b703000001000000850000007f000000b7000000000000009500000000000000");
  }

  @Test
  void jumpsGoForwardAndBackAcrossWideLoads() {
    Assembler asm = new Assembler();
    Assembler.Label again = asm.label();
    Assembler.Label last = asm.label();
    asm.place(again)
        .jumpIf(Condition.EQ, R1, 0, last)
        .move(R2, 1L << 40)
        .jumpIf32(Condition.NE, R1, R2, again)
        .jump(again)
        .place(last)
        .exit();
    assertThat(show(asm.code()))
        .isEqualTo(
            """
               0: (15) if r1 == 0x0 goto pc+4
               1: (18) r2 = 0x10000000000
               3: (5e) if w1 != w2 goto pc-4
               4: (05) goto pc-5
               5: (95) exit
            """
                .indent(0));
  }

  @Test
  void aNumberTakesTwoSlotsOnlyWhenItMust() {
    assertThat(new Assembler().move(R1, (long) Integer.MIN_VALUE).slot()).isEqualTo(1);
    assertThat(new Assembler().move(R1, 1L + Integer.MAX_VALUE).slot()).isEqualTo(2);
  }

  @Test
  void functionsAreCalledAndTheirAddressesTaken() {
    Assembler asm = new Assembler();
    Assembler.Label function = asm.label();
    asm.call(function).loadFunction(R2, function).exit().place(function).move(R0, 0).exit();
    assertThat(show(asm.code()).lines().limit(2))
        .containsExactly("   0: (85) call pc+3", "   1: (18) r2 = subprog[+2]");
  }

  @Test
  void aLabelThatIsUsedMustBePlacedOnce() {
    Assembler asm = new Assembler();
    Assembler.Label label = asm.label();
    asm.jump(label);
    assertThatThrownBy(asm::code).isInstanceOf(IllegalStateException.class);
    asm.place(label);
    assertThatThrownBy(() -> asm.place(label)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aJumpThatIsTooFarIsRefused() {
    Assembler asm = new Assembler();
    Assembler.Label far = asm.label();
    asm.jump(far);
    for (int i = 0; i < 40_000; i++) {
      asm.move(R0, 0);
    }
    asm.place(far).exit();
    assertThatThrownBy(asm::code).isInstanceOf(UnsupportedException.class);
  }
}
