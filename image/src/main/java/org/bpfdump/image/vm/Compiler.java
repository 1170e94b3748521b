// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.bpfdump.asm.Instruction;

/**
 * Makes bytecode of programs, which the JVM compiles as it does its own. Programs of more than
 * {@link #MOST} slots are interpreted: a class has room for no more.
 */
public final class Compiler implements Engine {
  /** Slots of a program that is compiled, at most. */
  public static final int MOST = 1 << 15;

  /** A compiler; it has no state. */
  public Compiler() {}

  @Override
  public Prepared prepare(Program program) {
    return compiled(Admission.admit(program));
  }

  static Executable compiled(Admitted program) {
    if (program.size() > MOST) {
      return Interpreter.interpreted(program);
    }
    Helper[] helpers = new Helper[program.size()];
    for (int slot = 0; slot < helpers.length; slot++) {
      if (program.instruction(slot) instanceof Instruction.CallHelper
          || program.instruction(slot) instanceof Instruction.CallKernel) {
        helpers[slot] = program.program().calls().get(slot);
      }
    }
    ClassMaker maker = new ClassMaker(program, new HelperFields(helpers));
    try {
      MethodHandles.Lookup made =
          MethodHandles.lookup()
              .defineHiddenClassWithClassData(maker.make(), maker.helpers().distinct(), true);
      return (Compiled)
          made.findConstructor(
                  made.lookupClass(), MethodType.methodType(void.class, Admitted.class))
              .invoke(program);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable impossible) {
      throw new IllegalStateException("a class that was just made", impossible);
    }
  }
}
