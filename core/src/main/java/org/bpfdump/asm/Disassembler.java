// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

import java.util.HashMap;
import java.util.Map;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;

/**
 * Shows instructions as the kernel's verifier log and {@code bpftool prog dump xlated} do: {@code
 * (79) r6 = *(u64 *)(r1 +0)}. Source of the notation: {@code kernel/bpf/disasm.c}.
 */
public final class Disassembler {
  private static final String PREFIX = "BPF_FUNC_";

  /** Names of helpers by number. */
  private final Map<Integer, String> helpers = new HashMap<>();

  /** Names of kernel functions are looked up there; null for none. */
  private final Btf kernel;

  /** Shows helpers and kernel functions by number. */
  public Disassembler() {
    this.kernel = null;
  }

  /**
   * Shows helpers and kernel functions by name.
   *
   * @param kernel a kernel's BTF, whose {@code enum bpf_func_id} names the helpers
   */
  public Disassembler(Btf kernel) {
    this.kernel = kernel;
    int id = kernel.findId("bpf_func_id", BtfType.Enum.class);
    if (kernel.type(id) instanceof BtfType.Enum names) {
      for (BtfType.Enumerator helper : names.values()) {
        if (helper.name().startsWith(PREFIX)) {
          helpers.put((int) helper.value(), "bpf_" + helper.name().substring(PREFIX.length()));
        }
      }
    }
  }

  /** All instructions, a line each, numbered by slot: {@code " 0: (b7) r0 = 0\n"}. */
  public String show(Code code) {
    StringBuilder text = new StringBuilder();
    for (int slot = 0; slot < code.size(); ) {
      Instruction instruction = Instruction.decode(code, slot);
      String number = Integer.toString(slot);
      text.repeat(' ', Math.max(0, 4 - number.length()));
      text.append(number).append(": ").append(show(instruction)).append('\n');
      slot += instruction.slots();
    }
    return text.toString();
  }

  /** One instruction, without its slot: {@code (b7) r0 = 0}. */
  public String show(Instruction instruction) {
    StringBuilder text = new StringBuilder(40);
    int opcode = Code.opcode(Encoder.first(instruction));
    text.append('(').append(hexDigit(opcode >> 4)).append(hexDigit(opcode & 0xF)).append(") ");
    switch (instruction) {
      case Instruction.Alu(var operator, var wide, var dst, var src) -> {
        register(text, wide, dst).append(' ').append(operator.symbol()).append(' ');
        switch (src) {
          case Register register -> register(text, wide, register);
          case Operand.Immediate(int value) -> text.append(value);
        }
      }
      case Instruction.Negate(var wide, var dst) ->
          register(register(text, wide, dst).append(" = -"), wide, dst);
      case Instruction.SignExtend(var wide, var bits, var dst, var src) ->
          register(register(text, wide, dst).append(" = (s").append(bits).append(')'), wide, src);
      case Instruction.ByteSwap(var order, var bits, var dst) -> {
        String name =
            switch (order) {
              case LITTLE -> "le";
              case BIG -> "be";
              case SWAP -> "bswap";
            };
        wide(wide(text, dst).append(" = ").append(name).append(bits).append(' '), dst);
      }
      case Instruction.AddressCast(var dst, var src, var spaces) ->
          wide(wide(text, dst).append(" = addr_space_cast("), src)
              .append(", ")
              .append(spaces >>> 16)
              .append(", ")
              .append(spaces & 0xFFFF)
              .append(')');
      case Instruction.Load(var size, var signed, var dst, var base, var offset) ->
          memory(wide(text, dst).append(" = *"), signed ? 's' : 'u', size, base, offset);
      case Instruction.Store(var size, var base, var offset, var value) -> {
        memory(text.append('*'), 'u', size, base, offset).append(" = ");
        switch (value) {
          case Register register -> wide(text, register);
          case Operand.Immediate(int number) -> text.append(number);
        }
      }
      case Instruction.Atomic atomic -> atomic(text, atomic);
      case Instruction.LoadWide load -> wideLoad(wide(text, load.dst()).append(" = "), load);
      case Instruction.LoadPacket(var size, var index, var offset) -> {
        text.append("r0 = *(u").append(size.bytes() * 8).append(" *)skb[");
        if (index != null) {
          wide(text, index).append(" + ");
        }
        text.append(offset).append(']');
      }
      case Instruction.JumpIf(var condition, var wide, var left, var right, var offset) -> {
        register(text.append("if "), wide, left);
        text.append(' ').append(condition.symbol()).append(' ');
        switch (right) {
          case Register register -> register(text, wide, register);
          case Operand.Immediate(int value) -> text.append("0x").append(Integer.toHexString(value));
        }
        signed(text.append(" goto pc"), offset);
      }
      case Instruction.Jump(var far, var offset) ->
          signed(text.append(far ? "gotol pc" : "goto pc"), offset);
      case Instruction.MayJump(var offset) -> signed(text.append("may_goto pc"), offset);
      case Instruction.CallHelper(var helper) -> {
        String name = helpers.get(helper);
        text.append("call ")
            .append(name != null ? name : kernel == null ? "" : "unknown")
            .append('#')
            .append(helper);
      }
      case Instruction.CallFunction(var offset) -> signed(text.append("call pc"), offset);
      case Instruction.CallKernel(var type, var module) ->
          text.append("call ").append(function(type, module)).append('#').append(type);
      case Instruction.Exit() -> text.append("exit");
      case Instruction.Unknown(var slot) ->
          text.append("unknown 0x").append(Long.toHexString(slot));
    }
    return text.toString();
  }

  /** A module's BTF is not at hand. */
  private String function(int type, int module) {
    return kernel != null && module == 0 && type > 0 && type < kernel.size()
        ? kernel.name(type)
        : "kernel-function";
  }

  private static void atomic(StringBuilder text, Instruction.Atomic atomic) {
    Size size = atomic.size();
    Register dst = atomic.dst();
    Register src = atomic.src();
    int offset = atomic.offset();
    String bits = size == Size.DOUBLE ? "64" : "";
    switch (atomic.operation()) {
      case ADD -> wide(memory(text.append("lock *"), 'u', size, dst, offset).append(" += "), src);
      case OR -> wide(memory(text.append("lock *"), 'u', size, dst, offset).append(" |= "), src);
      case AND -> wide(memory(text.append("lock *"), 'u', size, dst, offset).append(" &= "), src);
      case XOR -> wide(memory(text.append("lock *"), 'u', size, dst, offset).append(" ^= "), src);
      case FETCH_ADD -> fetch(text, "_fetch_add", bits, atomic);
      case FETCH_OR -> fetch(text, "_fetch_or", bits, atomic);
      case FETCH_AND -> fetch(text, "_fetch_and", bits, atomic);
      case FETCH_XOR -> fetch(text, "_fetch_xor", bits, atomic);
      case XCHG -> fetch(text, "_xchg", bits, atomic);
      case CMPXCHG -> {
        text.append("r0 = atomic").append(bits).append("_cmpxchg(");
        wide(memory(text, 'u', size, dst, offset).append(", r0, "), src).append(')');
      }
      case LOAD_ACQUIRE ->
          memory(wide(text, dst).append(" = load_acquire("), 'u', size, src, offset).append(')');
      case STORE_RELEASE ->
          wide(memory(text.append("store_release("), 'u', size, dst, offset).append(", "), src)
              .append(')');
    }
  }

  private static void fetch(
      StringBuilder text, String name, String bits, Instruction.Atomic atomic) {
    wide(text, atomic.src()).append(" = atomic").append(bits).append(name).append('(');
    memory(text, 'u', atomic.size(), atomic.dst(), atomic.offset()).append(", ");
    wide(text, atomic.src()).append(')');
  }

  private static void wideLoad(StringBuilder text, Instruction.LoadWide load) {
    switch (load.kind()) {
      case VALUE, BTF_ID -> text.append("0x").append(Long.toHexString(load.value()));
      case MAP_FD -> text.append("map[id:").append(load.low()).append(']');
      case MAP_VALUE ->
          text.append("map[id:").append(load.low()).append("][0]+").append(load.high());
      case FUNC -> signed(text.append("subprog["), load.low()).append(']');
      case MAP_INDEX -> text.append("map[idx:").append(load.low()).append(']');
      case MAP_INDEX_VALUE ->
          text.append("map[idx:").append(load.low()).append("]+").append(load.high());
    }
  }

  private static StringBuilder register(StringBuilder text, boolean wide, Register register) {
    return text.append(wide ? 'r' : 'w').append(register.number());
  }

  private static StringBuilder wide(StringBuilder text, Register register) {
    return register(text, true, register);
  }

  private static StringBuilder memory(
      StringBuilder text, char sign, Size size, Register base, int offset) {
    text.append('(').append(sign).append(size.bytes() * 8).append(" *)(");
    return signed(wide(text, base).append(' '), offset).append(')');
  }

  private static StringBuilder signed(StringBuilder text, int number) {
    return text.append(number < 0 ? "" : "+").append(number);
  }

  private static char hexDigit(int digit) {
    return Character.forDigit(digit, 16);
  }
}
