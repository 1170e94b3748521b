// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.kernel.Target;
import org.bpfdump.kernel.Targets;
import org.bpfdump.spec.ProgramSpec;

/**
 * Where a program is to be attached.
 *
 * @param target BTF name of the target
 * @param function BTF id of the target's function
 * @param module descriptor of the BTF of the module that has it; 0 for the kernel itself
 */
record Attachment(String target, int function, int module) {
  /** What the program's spec says, found in this kernel. */
  static Attachment of(LiveKernel kernel, ProgramSpec program) {
    if (program.target().isEmpty()) {
      throw new RequestException(
          "program "
              + program.name()
              + " (section "
              + program.section()
              + ") does not say its target: name one (--target)");
    }
    String target = Targets.name(program.target().get());
    int function = function(kernel.btf(), target);
    if (function != 0) {
      return new Attachment(target, function, 0);
    }
    for (Modules.Module module : kernel.modules().loaded()) {
      function = function(module.btf(), target);
      if (function != 0) {
        return new Attachment(target, function, module.fd().number());
      }
    }
    throw new UnsupportedException(
        "program " + program.name() + " wants what this kernel lacks: " + lack(kernel, target));
  }

  /**
   * BTF id of a target's function, 0 for none. Where the kernel registers a target there are a
   * function and a context struct of its name.
   */
  static int function(Btf btf, String target) {
    return btf.findId(Target.CONTEXT_PREFIX + target, BtfType.Struct.class) == 0
        ? 0
        : btf.findId(Target.FUNCTION_PREFIX + target, BtfType.Func.class);
  }

  private static String lack(LiveKernel kernel, String target) {
    try {
      return "target " + kernel.target(target).path() + " is of a module that needs privilege";
    } catch (RequestException e) {
      return e.getMessage();
    }
  }
}
