// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.live.DumperFile;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.Namespace;
import org.bpfdump.live.NetworkNamespace;
import org.bpfdump.live.NetworkNamespaces;

/**
 * Namespaces of the running kernel.
 *
 * @param chosen the namespaces to be in instead of this process's own
 * @param everyNetwork whether to dump in every network namespace of the machine
 */
record LiveNamespaces(List<Namespace> chosen, boolean everyNetwork) implements Namespaces {
  /** What to do in each place. */
  private interface Pass {
    void at(String network, Namespace... namespaces);
  }

  @Override
  public Optional<String> walk(Namespaces.Pass pass) {
    return go((network, here) -> pass.at(network, dumper -> ((LiveDumper) dumper).openIn(here)));
  }

  /**
   * Writes out the dumps of a dumper that is a file.
   *
   * @param what what it is called among several; empty when it is the only one
   */
  void dump(DumperFile file, String what, Copy copy) {
    go((network, here) -> Namespaces.write(() -> file.openIn(here), network, what, copy))
        .ifPresent(copy::miss);
  }

  private Optional<String> go(Pass pass) {
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
