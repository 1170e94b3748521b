// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

  /** What to do in each place. */
  @FunctionalInterface
  interface Pass {
    /**
     * Does it.
     *
     * @param network name of the network namespace; null when it is the only one
     */
    void at(String network, Namespace... namespaces);
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
    walk(
            (network, here) -> {
              String where = network == null ? "" : "in network namespace " + network;
              String both = what.isEmpty() || where.isEmpty() ? what + where : what + " " + where;
              try (LiveDump dump = source.openIn(here)) {
                copy.write(dump, network == null ? "" : network, both);
              }
            })
        .ifPresent(copy::miss);
  }

  /** Goes to each place. Returns why there may be more of them than could be seen. */
  Optional<String> walk(Pass pass) {
    if (!everyNetwork) {
      pass.at(null, chosen.toArray(new Namespace[0]));
      return Optional.empty();
    }
    try (NetworkNamespaces all = NetworkNamespaces.all()) {
      for (NetworkNamespace network : all.list()) {
        List<Namespace> here = new ArrayList<>(chosen);
        here.add(network);
        pass.at(network.name(), here.toArray(new Namespace[0]));
      }
      return unseen(all.outOfReach());
    }
  }

  private static Optional<String> unseen(List<String> outOfReach) {
    return outOfReach.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "there may be further network namespaces, since this process cannot look at "
                + outOfReach.getFirst()
                + (outOfReach.size() > 1 ? " and " + (outOfReach.size() - 1) + " more" : "")
                + "; run as root of the whole machine");
  }

  @Override
  public void close() {
    for (Namespace namespace : chosen) {
      namespace.close();
    }
  }
}
