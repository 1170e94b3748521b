// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.EnumSet;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfFeature;
import org.bpfdump.live.sys.Errno;

/** The running kernel, but for BTF with these features, which it refuses as an older one does. */
final class OlderKernelDoor extends KernelDoor {
  private static final int BTF_LOAD = 18;

  private final Set<BtfFeature> lacking;

  int refused;
  int passed;

  OlderKernelDoor(Set<BtfFeature> lacking) {
    this.lacking = EnumSet.copyOf(lacking);
  }

  @Override
  @SuppressWarnings("restricted")
  public long bpf(int command, MemorySegment attributes, int size) {
    if (command == BTF_LOAD) {
      long address = attributes.get(ValueLayout.JAVA_LONG, 0);
      int length = attributes.get(ValueLayout.JAVA_INT, 16);
      byte[] btf =
          MemorySegment.ofAddress(address).reinterpret(length).toArray(ValueLayout.JAVA_BYTE);
      Set<BtfFeature> used = BtfFeature.usedBy(Btf.parse(btf));
      used.retainAll(lacking);
      if (!used.isEmpty()) {
        refused++;
        return -Errno.EINVAL;
      }
      passed++;
    }
    return super.bpf(command, attributes, size);
  }
}
