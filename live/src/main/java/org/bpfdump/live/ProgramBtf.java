// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import org.bpfdump.btf.Btf;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;

/** Gives a program's BTF to the kernel, without the kinds that this kernel does not know. */
final class ProgramBtf {
  private static final int LOG = 64 << 10;

  private ProgramBtf() {}

  static Fd load(Bpf bpf, Btf btf, String program) {
    String what = "load the types (BTF) of program " + program;
    int result = bpf.btfLoad(btf.toBytes(), 0).result();
    if (result >= 0 || result == -Errno.EPERM) {
      return bpf.own(result, what);
    }
    String log = bpf.btfLoad(btf.toBytes(), LOG).log();
    throw new UnsupportedException(
        "cannot " + what + ": " + Errno.text(-result) + ": " + last(log));
  }

  private static String last(String log) {
    String text = log.strip();
    return text.substring(text.lastIndexOf('\n') + 1);
  }
}
