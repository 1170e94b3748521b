// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.Optional;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;

/** Where to dump: in which namespaces of a kernel. */
sealed interface Namespaces extends AutoCloseable permits LiveNamespaces, ImageNamespaces {
  /** What to do in each place. */
  @FunctionalInterface
  interface Pass {
    /**
     * Does it.
     *
     * @param network name of the network namespace; null when it is the only one
     */
    void at(String network, Opening here);
  }

  /** One place. */
  @FunctionalInterface
  interface Opening {
    /** Opens a dumper's dump there. */
    Dump open(Dumper dumper);
  }

  /** Whether there is one place for each network namespace. */
  boolean everyNetwork();

  /** Goes to each place. Returns why there may be more of them than could be seen. */
  Optional<String> walk(Pass pass);

  /** What the lines of all dumps must be made of. */
  default Copy copy(Output out) {
    return everyNetwork() ? Copy.named(out) : Copy.plain(out);
  }

  /** Writes out the dumps of one dumper. */
  default void dump(Dumper dumper, Copy copy) {
    walk((network, here) -> write(() -> here.open(dumper), network, "", copy))
        .ifPresent(copy::miss);
  }

  /** How a dump is opened. */
  @FunctionalInterface
  interface Source {
    /** Opens it. */
    Dump open();
  }

  /**
   * Writes out one dump.
   *
   * @param network name of the network namespace; null when it is the only one
   * @param what what is dumped, among several; empty when it is the only one
   */
  static void write(Source source, String network, String what, Copy copy) {
    String where = network == null ? "" : "in network namespace " + network;
    String both = what.isEmpty() || where.isEmpty() ? what + where : what + " " + where;
    try (Dump dump = source.open()) {
      copy.write(dump, network == null ? "" : network, both);
    }
  }

  @Override
  void close();
}
