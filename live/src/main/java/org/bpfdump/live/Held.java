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
 * @param singles maps whose value can be asked for
 */
record Held(Fd program, Fd link, List<Fd> programHolders, List<Single> singles)
    implements AutoCloseable {

  /** A map with one value, of so many bytes. */
  record Single(String name, Fd map, int size) {}

  /** New descriptors for what these are. */
  static Held of(Fd program, Fd link, List<Fd> programHolders, List<Single> singles) {
    List<Fd> made = new ArrayList<>();
    try {
      made.add(program.duplicate());
      made.add(link.duplicate());
      for (Fd holder : programHolders) {
        made.add(holder.duplicate());
      }
      for (Single single : singles) {
        made.add(single.map.duplicate());
      }
    } catch (RuntimeException e) {
      closeAll(made);
      throw e;
    }
    int first = 2 + programHolders.size();
    List<Single> copies = new ArrayList<>();
    for (int i = 0; i < singles.size(); i++) {
      Single single = singles.get(i);
      copies.add(new Single(single.name, made.get(first + i), single.size));
    }
    return new Held(
        made.get(0), made.get(1), List.copyOf(made.subList(2, first)), List.copyOf(copies));
  }

  @Override
  public void close() {
    link.close();
    program.close();
    closeAll(programHolders);
    for (Single single : singles) {
      single.map.close();
    }
  }

  static void closeAll(List<Fd> fds) {
    for (Fd fd : fds) {
      fd.close();
    }
  }
}
