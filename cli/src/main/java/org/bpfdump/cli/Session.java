// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.PrintStream;
import java.util.function.Supplier;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.live.LiveKernel;

/**
 * What a command works with.
 *
 * @param out where its output goes
 * @param err where its messages go
 * @param kernels opens the kernel; whoever asks closes it
 */
record Session(Output out, PrintStream err, Supplier<Kernel> kernels) {
  static Session ofThisProcess() {
    return new Session(Output.ofThisProcess(), System.err, new Live());
  }

  /** Opens the running kernel. A class, since a method reference costs at every start. */
  private static final class Live implements Supplier<Kernel> {
    @Override
    public Kernel get() {
      return LiveKernel.open();
    }
  }
}
