// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import org.bpfdump.asm.Instruction;

/** How many bytes of bytecode an instruction becomes, about and rather too many. */
final class Sizes {
  private Sizes() {}

  static int of(Instruction instruction) {
    return switch (instruction) {
      case null -> 0;
      case Instruction.Alu _, Instruction.Negate _, Instruction.SignExtend _ -> 16;
      case Instruction.ByteSwap _ -> 12;
      case Instruction.Load _, Instruction.Store _ -> 24;
      case Instruction.Atomic _ -> 36;
      case Instruction.LoadWide _ -> 30;
      case Instruction.JumpIf _, Instruction.Jump _, Instruction.MayJump _ -> 36;
      case Instruction.CallHelper _, Instruction.CallFunction _, Instruction.CallKernel _ -> 72;
      case Instruction.Exit _ -> 24;
      case Instruction.AddressCast _, Instruction.LoadPacket _, Instruction.Unknown _ -> 0;
    };
  }
}
