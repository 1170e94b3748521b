// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import java.io.IOException;
import java.nio.file.Path;
import org.bpfdump.testkit.DescriptorSocket;

/** A process that is sent a descriptor, says its number, and keeps it for as long as it is fed. */
final class ReceiverMain {
  private ReceiverMain() {}

  public static void main(String[] args) throws IOException {
    try (DescriptorSocket socket = DescriptorSocket.connect(Path.of(args[0]))) {
      System.out.println(socket.receive());
      while (System.in.read() >= 0) {
        // wait
      }
    }
  }
}
