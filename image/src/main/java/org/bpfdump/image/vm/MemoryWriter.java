// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.lang.classfile.CodeBuilder;
import java.util.HashMap;
import java.util.Map;
import org.bpfdump.asm.AtomicOperation;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Operand;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;

/**
 * Writes accesses of memory. Where an address is certain to be in the stack, that is an access of
 * its array; where an origin is known, the region that the origin is in is looked up there, once,
 * and kept in local variables.
 */
final class MemoryWriter {
  private static final int PROCESSOR = 0;

  private final CodeBuilder code;
  private final StackMaps maps;
  private final Flow flow;
  private final int[] registers;
  private final ValueWriter values;

  /** By origin. */
  private final Map<Integer, Origin> origins = new HashMap<>();

  private boolean usesStack;
  private int stack;

  /** Local variables with what is known of an origin; -1 for what nobody needs. */
  private static final class Origin {
    boolean read;
    boolean written;
    int region;
    int tag;
    int writableTag;
  }

  MemoryWriter(CodeBuilder code, StackMaps maps, Flow flow, int[] registers, ValueWriter values) {
    this.code = code;
    this.maps = maps;
    this.flow = flow;
    this.registers = registers;
    this.values = values;
  }

  /** Finds which origins and whether the stack are accessed. */
  void findOrigins(Admitted program, int from, int to) {
    for (int slot = from; slot < to; slot++) {
      if (!flow.reached(slot)) {
        continue;
      }
      switch (program.instruction(slot)) {
        case Instruction.Load _ -> note(slot, false);
        case Instruction.Store _ -> note(slot, true);
        case null, default -> {}
      }
    }
  }

  private void note(int slot, boolean writes) {
    int base = flow.base(slot);
    usesStack |= Flow.isStack(base) || base == Flow.FRAME;
    if (Flow.hasOrigin(base) || base == Flow.FRAME) {
      Origin origin = origins.computeIfAbsent(base, _ -> new Origin());
      origin.read |= !writes;
      origin.written |= writes;
    }
  }

  /** Writes what is looked up at the start. {@code frame} is a local variable. */
  void begin(int frame) {
    for (Origin origin : origins.values()) {
      origin.region = maps.local(StackMaps.BYTES);
      code.aconst_null().astore(origin.region);
      origin.tag = origin.read ? tag() : -1;
      origin.writableTag = origin.written ? tag() : -1;
    }
    if (usesStack) {
      stack = maps.local(StackMaps.BYTES);
      code.aload(frame).getfield(Names.FRAME, "stack", Names.BYTES).astore(stack);
    }
    for (int register = 0; register < 10; register++) {
      lookUp(origins.get(Flow.originOfStart(register)), registers[register]);
    }
    lookUp(origins.get(Flow.FRAME), -1);
  }

  private int tag() {
    int tag = maps.local(StackMaps.LONG);
    code.loadConstant(Access.NONE).lstore(tag);
    return tag;
  }

  /** Writes the look-up for what an instruction has just made. */
  void made(int slot, Register register) {
    lookUp(origins.get(Flow.originOf(slot)), registers[register.number()]);
  }

  /** Looks up the region of an address in a local variable; -1 for the stack. */
  private void lookUp(Origin origin, int address) {
    if (origin == null) {
      return;
    }
    if (address < 0) {
      code.aload(stack).astore(origin.region);
      // The frame pointer is the stack's end, and still has its tag.
      code.lload(registers[10]).loadConstant(31).lushr();
      if (origin.read) {
        code.dup2().lstore(origin.tag);
      }
      if (origin.written) {
        code.dup2().lstore(origin.writableTag);
      }
      code.pop2();
      return;
    }
    code.aload(PROCESSOR).lload(address);
    code.invokestatic(Names.ACCESS, "region", Signatures.REGION).astore(origin.region);
    if (origin.read) {
      code.aload(PROCESSOR).lload(address);
      code.invokestatic(Names.ACCESS, "tag", Signatures.TAG).lstore(origin.tag);
    }
    if (origin.written) {
      code.aload(PROCESSOR).lload(address);
      code.invokestatic(Names.ACCESS, "writableTag", Signatures.TAG).lstore(origin.writableTag);
    }
  }

  private void address(Register base, int offset) {
    code.lload(registers[base.number()]);
    if (offset != 0) {
      values.constant(offset);
      code.ladd();
    }
  }

  /** Index in the stack's array; negative when the access is not certain to be inside. */
  private static int index(int base, int offset, Size size) {
    if (!Flow.isStack(base)) {
      return -1;
    }
    int index = Frame.STACK + Flow.distance(base) + offset;
    return index <= Frame.STACK - size.bytes() ? index : -1;
  }

  void load(int slot, Instruction.Load load) {
    int base = flow.base(slot);
    Size size = load.size();
    int index = index(base, load.offset(), size);
    Origin origin = origins.get(base);
    if (index >= 0) {
      code.aload(stack).loadConstant(index);
      code.invokestatic(
          Names.ACCESS,
          "get" + size.bytes(),
          size == Size.DOUBLE ? Signatures.GET8 : Signatures.GET);
    } else if (origin != null) {
      code.aload(origin.region).lload(origin.tag).aload(PROCESSOR);
      code.lload(registers[load.base().number()]).loadConstant(load.offset());
      code.loadConstant(slot);
      code.invokestatic(
          Names.ACCESS,
          "load" + size.bytes(),
          size == Size.DOUBLE ? Signatures.LOAD8 : Signatures.LOAD);
    } else {
      code.aload(PROCESSOR);
      address(load.base(), load.offset());
      code.loadConstant(size.bytes()).loadConstant(slot);
      code.invokestatic(Names.ACCESS, "load", Signatures.LOAD_ANY);
      if (size != Size.DOUBLE) {
        code.l2i();
      }
    }
    extend(load);
    code.lstore(registers[load.dst().number()]);
  }

  /** Makes a long of the int that has the value in its lower bits. */
  private void extend(Instruction.Load load) {
    if (load.size() == Size.DOUBLE) {
      return;
    }
    if (load.signed()) {
      values.extend(8 * load.size().bytes());
      code.i2l();
      return;
    }
    switch (load.size()) {
      case BYTE -> code.loadConstant(0xFF).iand().i2l();
      case HALF -> code.i2c().i2l();
      case WORD, DOUBLE -> code.i2l().loadConstant(0xFFFFFFFFL).land();
    }
  }

  void store(int slot, Instruction.Store store) {
    int base = flow.base(slot);
    Size size = store.size();
    int index = index(base, store.offset(), size);
    Origin origin = origins.get(base);
    if (index >= 0) {
      code.aload(stack).loadConstant(index);
      values.wide(store.value());
      code.invokestatic(Names.ACCESS, "set" + size.bytes(), Signatures.SET);
    } else if (origin != null) {
      code.aload(origin.region).lload(origin.writableTag).aload(PROCESSOR);
      code.lload(registers[store.base().number()]).loadConstant(store.offset());
      values.wide(store.value());
      code.loadConstant(slot);
      code.invokestatic(Names.ACCESS, "store" + size.bytes(), Signatures.STORE);
    } else {
      code.aload(PROCESSOR);
      address(store.base(), store.offset());
      code.loadConstant(size.bytes());
      values.wide(store.value());
      code.loadConstant(slot);
      code.invokestatic(Names.ACCESS, "store", Signatures.STORE_ANY);
    }
  }

  void atomic(int slot, Instruction.Atomic atomic) {
    int size = atomic.size().bytes();
    Operand operand = atomic.src();
    switch (atomic.operation()) {
      case LOAD_ACQUIRE -> {
        code.aload(PROCESSOR);
        address(atomic.src(), atomic.offset());
        code.loadConstant(size).loadConstant(slot);
        code.invokestatic(Names.ACCESS, "load", Signatures.LOAD_ANY);
      }
      case STORE_RELEASE -> {
        code.aload(PROCESSOR);
        address(atomic.dst(), atomic.offset());
        code.loadConstant(size);
        values.wide(operand);
        code.loadConstant(slot);
        code.invokestatic(Names.ACCESS, "store", Signatures.STORE_ANY);
      }
      case CMPXCHG -> {
        code.aload(PROCESSOR);
        address(atomic.dst(), atomic.offset());
        code.loadConstant(size).lload(registers[0]);
        values.wide(operand);
        code.loadConstant(slot);
        code.invokestatic(Names.ACCESS, "exchangeIf", Signatures.EXCHANGE_IF);
      }
      case ADD, OR, AND, XOR, FETCH_ADD, FETCH_OR, FETCH_AND, FETCH_XOR, XCHG -> {
        code.aload(PROCESSOR);
        address(atomic.dst(), atomic.offset());
        code.loadConstant(size).loadConstant(Atomics.code(atomic.operation()));
        values.wide(operand);
        code.loadConstant(slot);
        code.invokestatic(Names.ACCESS, "atomic", Signatures.ATOMIC);
      }
    }
    Register changed = Changes.of(atomic);
    if (changed != null) {
      code.lstore(registers[changed.number()]);
    } else if (atomic.operation() != AtomicOperation.STORE_RELEASE) {
      code.pop2();
    }
  }
}
