// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import java.io.IOException;
import java.nio.file.Path;
import org.bpfdump.live.PidNamespace;

/** A process that opens dumps in a pid namespace, one after the other, until it is killed. */
final class OpeningMain {
  private OpeningMain() {}

  public static void main(String[] args) throws IOException {
    try (Example example = Example.load("task");
        PidNamespace own = PidNamespace.at(Path.of("/proc/self/ns/pid"))) {
      System.out.println("begin");
      while (!System.out.checkError()) {
        example.dumper().openIn(own).close();
      }
    }
  }
}
