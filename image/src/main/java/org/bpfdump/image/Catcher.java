// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.Kind;
import org.bpfdump.image.vm.Program;
import org.bpfdump.spec.ProgramSpec;

/**
 * Finds the function of a program that the kernel calls when the program throws: a declaration tag
 * of the main function names it. Source: {@code bpf_find_exception_callback_insn_off} in
 * kernel/bpf/btf.c.
 */
final class Catcher {
  private static final String TAG = "exception_callback:";

  private Catcher() {}

  /** Its first slot; {@link Program#NONE} when there is none. */
  static int find(ProgramSpec program) {
    return program.btf().isEmpty() || program.functions().isEmpty()
        ? Program.NONE
        : find(program, program.btf().get());
  }

  private static int find(ProgramSpec program, Btf btf) {
    int main = program.functions().getFirst().type();
    for (int id : btf.ofKind(Kind.DECL_TAG)) {
      if (btf.name(id).startsWith(TAG)
          && btf.type(id) instanceof BtfType.DeclTag tag
          && tag.type() == main) {
        String name = tag.name().substring(TAG.length());
        for (ProgramSpec.FunctionInfo function : program.functions()) {
          if (btf.name(function.type()).equals(name)) {
            return function.slot();
          }
        }
      }
    }
    return Program.NONE;
  }
}
