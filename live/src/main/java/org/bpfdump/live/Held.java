// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.live.sys.Fd;

/**
 * The descriptors that keep a dumper alive, closed together.
 *
 * @param programHolders maps whose slots hold programs: the kernel empties those when the last
 *     descriptor of the map goes, although the program still refers to it ({@code
 *     bpf_fd_array_map_clear} in {@code kernel/bpf/arraymap.c})
 */
record Held(Fd program, Fd link, List<Fd> programHolders) implements AutoCloseable {
  /** New descriptors for what these are. */
  static Held of(Fd program, Fd link, List<Fd> programHolders) {
    List<Fd> made = new ArrayList<>();
    try {
      made.add(program.duplicate());
      made.add(link.duplicate());
      for (Fd holder : programHolders) {
        made.add(holder.duplicate());
      }
    } catch (RuntimeException e) {
      closeAll(made);
      throw e;
    }
    return new Held(made.get(0), made.get(1), List.copyOf(made.subList(2, made.size())));
  }

  @Override
  public void close() {
    link.close();
    program.close();
    closeAll(programHolders);
  }

  static void closeAll(List<Fd> fds) {
    for (Fd fd : fds) {
      fd.close();
    }
  }
}
