// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.ByteOrder;
import java.util.EnumSet;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfFeature;
import org.bpfdump.btf.BtfSanitizer;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;

/**
 * Gives a program's BTF to the kernel: as it is, and where the kernel refuses that, without what it
 * is found not to know.
 */
final class ProgramBtf {
  private static final int LOG = 64 << 10;

  private ProgramBtf() {}

  static Fd load(Bpf bpf, Btf btf, String program) {
    String what = "load the types (BTF) of program " + program;
    int result = bpf.btfLoad(btf.toBytes(), 0).result();
    if (result >= 0 || result == -Errno.EPERM) {
      return bpf.own(result, what);
    }
    Btf tried = btf;
    Set<BtfFeature> used = BtfFeature.usedBy(btf);
    Set<BtfFeature> supported = supported(bpf, used);
    if (!supported.containsAll(used)) {
      tried = BtfSanitizer.sanitize(btf, supported);
    }
    Bpf.Logged logged = bpf.btfLoad(tried.toBytes(), LOG);
    if (logged.result() >= 0) {
      return bpf.own(logged.result(), what);
    }
    throw new UnsupportedException(
        "cannot "
            + what
            + ": "
            + Errno.text(-logged.result())
            + reason(logged.log())
            + "; the object may be damaged, or from a compiler that this kernel does not know");
  }

  /** Those of these features that this kernel has. */
  private static Set<BtfFeature> supported(Bpf bpf, Set<BtfFeature> features) {
    Set<BtfFeature> supported = EnumSet.noneOf(BtfFeature.class);
    for (BtfFeature feature : features) {
      int result = bpf.btfLoad(feature.probe(ByteOrder.nativeOrder()), 0).result();
      if (result >= 0) {
        bpf.own(result, "probe").close();
        supported.add(feature);
      }
    }
    return supported;
  }

  private static String reason(String log) {
    String text = log.strip();
    return text.isEmpty() ? "" : ", " + text.substring(text.lastIndexOf('\n') + 1);
  }
}
