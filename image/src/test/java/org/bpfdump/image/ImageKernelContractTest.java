// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import org.bpfdump.image.vm.Compiler;
import org.bpfdump.kernel.Kernel;
import org.junit.jupiter.api.Nested;

/** Images keep the contract, with programs compiled and interpreted. */
class ImageKernelContractTest {
  /** Who is there when a machine runs. */
  private static final int INIT = 1;

  @Nested
  class Compiled extends KernelContract {
    @Override
    Kernel open() {
      return ImageKernel.open(ImageSource.of(TestImages.file("6.1")), new Compiler());
    }

    @Override
    int process() {
      return INIT;
    }
  }

  @Nested
  class AsUsersGetIt extends KernelContract {
    @Override
    Kernel open() {
      return ImageKernel.open(TestImages.file("6.1"));
    }

    @Override
    int process() {
      return INIT;
    }
  }

  @Nested
  class Interpreted extends KernelContract {
    @Override
    Kernel open() {
      return ImageKernel.open(ImageSource.of(TestImages.file("7.2")).interpretedOnly());
    }

    @Override
    int process() {
      return INIT;
    }
  }
}
