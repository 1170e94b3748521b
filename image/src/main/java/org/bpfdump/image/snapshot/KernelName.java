// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.charset.StandardCharsets;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.VirtualMemory;

/**
 * What uname(2) told on the machine. What the image does not have is empty.
 *
 * @param release {@code uname -r}
 * @param version {@code uname -v}
 * @param machine {@code uname -m}
 * @param host {@code uname -n}
 */
public record KernelName(String release, String version, String machine, String host) {
  private static final int LONGEST = 65;

  /** Of the first namespace; the release from VMCOREINFO when memory does not have it. */
  public static KernelName read(Snapshot snapshot) {
    try {
      VirtualMemory memory = snapshot.memory();
      long names = snapshot.root(Root.INIT_UTS_NS);
      return new KernelName(
          string(snapshot, memory, names, "release"),
          string(snapshot, memory, names, "version"),
          string(snapshot, memory, names, "machine"),
          string(snapshot, memory, names, "nodename"));
    } catch (MemoryFaultException | UnsupportedException e) {
      return new KernelName(snapshot.vmcoreinfo().text("OSRELEASE").orElse(""), "", "", "");
    }
  }

  private static String string(Snapshot snapshot, VirtualMemory memory, long names, String name) {
    long at = snapshot.types().field("uts_namespace", "name." + name).at(names);
    return new String(memory.string(at, LONGEST), StandardCharsets.UTF_8);
  }
}
