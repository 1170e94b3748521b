// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.VerifierException;
import org.bpfdump.image.vm.helper.Helpers;
import org.bpfdump.spec.ProgramSpec;

/**
 * Which helpers only programs of some licences may call: on an image as on a running kernel.
 * Sources: {@code license_is_gpl_compatible} in include/linux/license.h, {@code gpl_only} in
 * kernel/trace/bpf_trace.c and kernel/bpf/helpers.c.
 */
final class Licence {
  private static final Set<String> COMPATIBLE =
      Set.of(
          "GPL",
          "GPL v2",
          "GPL and additional rights",
          "Dual BSD/GPL",
          "Dual MIT/GPL",
          "Dual MPL/GPL");

  /**
   * Of the helpers that images have: probe_read and its kin, trace_printk and trace_vprintk,
   * seq_printf, seq_write, seq_printf_btf, snprintf.
   */
  private static final Set<Integer> RESTRICTED =
      Set.of(4, 6, 45, 112, 113, 114, 115, 126, 127, 150, 165, 177);

  private static final int EINVAL = 22;

  private Licence() {}

  /** Refuses a helper that the program's licence does not allow. */
  static void require(ProgramSpec program, int helper, Btf btf) {
    if (RESTRICTED.contains(helper) && !COMPATIBLE.contains(program.license())) {
      throw new VerifierException(
          "the kernel refuses program "
              + program.name()
              + ": cannot call GPL-restricted function "
              + Helpers.name(helper, btf)
              + " from non-GPL compatible program; give the program a licence that the kernel takes"
              + " as GPL: char LICENSE[] SEC(\"license\") = \"GPL\"",
          EINVAL,
          "",
          "");
    }
  }
}
