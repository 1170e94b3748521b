// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;

/** What the kernel was booted with, as /proc/cmdline has it. */
public final class CommandLine {
  /** More than a boot loader can give. */
  private static final int LONGEST = 1 << 16;

  private CommandLine() {}

  /** Empty when the image does not have it. */
  public static Optional<String> read(Snapshot snapshot) {
    OptionalLong root = snapshot.find(Root.SAVED_COMMAND_LINE);
    if (root.isEmpty()) {
      return Optional.empty();
    }
    try {
      VirtualMemory memory = snapshot.memory();
      byte[] line = memory.string(memory.u64(root.getAsLong()), LONGEST);
      return Optional.of(new String(line, StandardCharsets.UTF_8));
    } catch (MemoryFaultException e) {
      return Optional.empty();
    }
  }
}
