// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.util.List;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.RelocationException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.spec.ProgramSpec;

/** A kernel whose data structures can be dumped. Safe for use by several threads. */
public interface Kernel extends AutoCloseable {
  /** The types of the kernel, without those of its modules. */
  Btf btf();

  /** Every target of this kernel, ordered by name. */
  List<Target> targets();

  /**
   * The target of a name ({@code task_file}) or path ({@code task/file}).
   *
   * @throws RequestException when this kernel has none of that name
   */
  default Target target(String nameOrPath) {
    return Targets.named(targets(), nameOrPath);
  }

  /**
   * Loads a program for its target. The caller owns the dumper.
   *
   * @param parameter what of the target to walk; {@link Parameter.None} for all of it
   * @throws UnsupportedException when this kernel lacks the target or something else it needs
   * @throws RequestException when the target does not take the parameter, or needs one
   * @throws RelocationException when the program means something that this kernel does not have
   * @throws VerifierException when the kernel refuses the program
   * @throws SyscallException when the kernel fails otherwise
   */
  Dumper load(ProgramSpec program, Parameter parameter);

  /** Loads a program for all of its target. */
  default Dumper load(ProgramSpec program) {
    return load(program, new Parameter.None());
  }

  /** Lets go of what this object holds; dumpers that it loaded stay open. */
  @Override
  void close();
}
