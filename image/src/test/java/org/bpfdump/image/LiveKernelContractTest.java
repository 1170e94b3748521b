// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import org.bpfdump.kernel.Kernel;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.RequiresKernel;

/** The running kernel keeps the contract. */
@RequiresKernel
class LiveKernelContractTest extends KernelContract {
  @Override
  Kernel open() {
    return LiveKernel.open();
  }

  @Override
  int process() {
    return (int) ProcessHandle.current().pid();
  }
}
