// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.util.List;
import java.util.Optional;

/** The ELF notes of a dump. */
final class Notes {
  Optional<byte[]> vmcoreinfo() {
    return find("VMCOREINFO", 0).stream().findFirst();
  }

  List<byte[]> find(String name, int type) {
    return List.of();
  }
}
