// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import java.io.IOException;
import org.bpfdump.live.LiveDump;

/**
 * A process that has read the start of a dump of the example it is told. It says what it holds, the
 * ids of link and program, and reads no further before it is told to.
 */
final class HalfwayMain {
  private HalfwayMain() {}

  public static void main(String[] args) throws IOException {
    try (Example example = Example.load(args[0]);
        LiveDump dump = example.dumper().open()) {
      byte[] start = dump.stream().readNBytes(10);
      System.out.printf(
          "%d %d %d%n", example.dumper().linkId(), example.dumper().programId(), start.length);
      if (System.in.read() >= 0) {
        System.out.println(Example.rest(dump).isEmpty() ? "nothing" : "more");
      }
    }
  }
}
