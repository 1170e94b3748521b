// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.live.LiveDump;
import org.bpfdump.live.Namespace;
import org.bpfdump.live.NetworkNamespace;
import org.bpfdump.live.NetworkNamespaces;

/**
 * Where to dump.
 *
 * @param chosen the namespaces to be in instead of this process's own
 * @param everyNetwork whether to dump in every network namespace of the machine
 */
record Namespaces(List<Namespace> chosen, boolean everyNetwork) implements AutoCloseable {
  /** What can be dumped: a dumper, by whatever name. */
  @FunctionalInterface
  interface Source {
    /** Opens it there. */
    LiveDump openIn(Namespace... namespaces);
  }

  /** What the lines of all dumps must be made of. */
  Copy copy(Output out) {
    return everyNetwork ? Copy.named(out) : Copy.plain(out);
  }

  /**
   * Writes out the dumps of one dumper.
   *
   * @param what what it is called among several; empty when it is the only one
   */
  void dump(Source source, String what, Copy copy) {
    if (!everyNetwork) {
      try (LiveDump dump = source.openIn(chosen.toArray(new Namespace[0]))) {
        copy.write(dump, "", what);
      }
      return;
    }
    try (NetworkNamespaces all = NetworkNamespaces.all()) {
      for (NetworkNamespace network : all.list()) {
        List<Namespace> here = new ArrayList<>(chosen);
        here.add(network);
        String where = "in network namespace " + network.name();
        try (LiveDump dump = source.openIn(here.toArray(new Namespace[0]))) {
          copy.write(dump, network.name(), what.isEmpty() ? where : what + " " + where);
        }
      }
      lookedEverywhere(all.outOfReach(), copy);
    }
  }

  private static void lookedEverywhere(List<String> outOfReach, Copy copy) {
    if (!outOfReach.isEmpty()) {
      copy.miss(
          "there may be further network namespaces, since this process cannot look at "
              + outOfReach.getFirst()
              + (outOfReach.size() > 1 ? " and " + (outOfReach.size() - 1) + " more" : "")
              + "; run as root of the whole machine");
    }
  }

  @Override
  public void close() {
    for (Namespace namespace : chosen) {
      namespace.close();
    }
  }
}
