// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.util.List;
import java.util.function.Supplier;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RelocationException;

/**
 * Relocates the programs of one object to one kernel. What is found for one relocation is kept for
 * the next. Not for use by several threads.
 *
 * <p>Behaves as libbpf does; {@code src/relo_core.c} there is the reference.
 */
public final class CoreRelocator {
  /**
   * The helper that a poisoned instruction calls, and the verifier then names: {@code invalid func
   * unknown#195896080}. Source: libbpf, 0xbad2310 for "bad relo".
   */
  public static final int POISON = 195896080;

  private final Types local;
  private final Resolver resolver;
  private final Allowance allowance = new Allowance();

  /**
   * @param local types of the programs
   * @param kernel types of the kernel they are to run on
   * @param modules types of its modules, split from {@code kernel}; asked for once, and only when a
   *     type is not in {@code kernel}
   */
  public CoreRelocator(Btf local, Btf kernel, Supplier<List<Btf>> modules) {
    this.local = new Types(local, allowance);
    Types kernelTypes = new Types(kernel, allowance);
    this.resolver =
        new Resolver(this.local, new Candidates(this.local, kernelTypes, modules, allowance));
  }

  /**
   * Resolves a relocation and patches the instruction at {@code slot}, of which a 64-bit immediate
   * load has the next slot too. When the kernel has no such field, or has it in a form that the
   * instruction cannot load, the instruction becomes a call of helper {@link #POISON}, which the
   * verifier takes as long as it cannot be reached.
   *
   * @param program name of the program, for messages
   * @param slots the program's instructions, changed in place; left alone when this fails
   * @return true when it was patched, false when it was poisoned
   * @throws RelocationException when the relocation makes no sense, the kernel's answer is
   *     ambiguous, or the instruction cannot hold it
   */
  public boolean apply(String program, long[] slots, int slot, CoreRelocation relocation) {
    allowance.renew();
    try {
      return Patcher.patch(slots, slot, resolver.resolve(relocation));
    } catch (RelocationException | MalformedException e) {
      throw new RelocationException(
          "cannot relocate slot "
              + slot
              + " of program "
              + program
              + " ("
              + describe(relocation)
              + "): "
              + e.getMessage());
    }
  }

  /**
   * Whether a kernel's type may stand for a local one, as typed symbols and functions of the kernel
   * must.
   *
   * @param localType id in the programs' types
   * @param kernel types of the kernel or of one of its modules
   * @param kernelType id there
   */
  public boolean compatible(int localType, Btf kernel, int kernelType) {
    allowance.renew();
    return new TypeCompatibility(local, new Types(kernel, allowance))
        .check(local.resolve(localType), kernel.resolve(kernelType));
  }

  /**
   * Says what a relocation is about: its kind, and the type and field as in C, {@code
   * FIELD_BYTE_OFFSET of struct task_struct.mm}. Never fails.
   */
  public String describe(CoreRelocation relocation) {
    allowance.renew();
    return relocation.kind() + " of " + Spelling.of(relocation, local);
  }
}
