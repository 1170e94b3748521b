// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.testkit.NativeSocket.AF_INET;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** What has one obvious reading is shown so, and with {@code --raw} as the number that it is. */
@RequiresKernel
class DumpRawTest {
  private static final int PORT = 0x1234;

  private static final String COLUMNS =
      "skc_rcv_saddr, skc_dport, skc_prot.close, ((struct sock *)sk_common).sk_socket.state,"
          + " (bool)skc_family, user(((struct sock *)sk_common).sk_socket.file.f_cred.uid),"
          + " ip(skc_rcv_saddr), port(skc_dport)";

  private static List<String> row(NetworkNamespace network, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "dump", "tcp", COLUMNS, "--where", "port(skc_dport) == " + PORT, "--no-header"));
    words.addAll(List.of("--format", "tsv", "--netns", Integer.toString(network.tid())));
    words.addAll(List.of(more));
    Cli done = Cli.run(words.toArray(String[]::new));
    assertThat(done).returns("", Cli::err).returns(0, Cli::status);
    assertThat(done.out()).hasLineCount(1);
    return List.of(done.out().strip().split("\t", -1));
  }

  /** What this machine reads these two or four bytes as. */
  private static String number(int... bytes) {
    ByteBuffer number = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder());
    for (int i = 0; i < bytes.length; i++) {
      number.put(i, (byte) bytes[i]);
    }
    return Integer.toString(bytes.length == 2 ? number.getShort(0) : number.getInt(0));
  }

  @Test
  void numbersTakeThePlaceOfWhatIsMeant() throws InterruptedException {
    String close =
        Exec.sh("awk '$3 == \"tcp_close\" { print $1 }' /proc/kallsyms").run().ok().out();
    String user = Exec.of("id", "-un").run().ok().out().strip();
    String port = Integer.toString(PORT);
    String address = number(127, 0, 0, 2);
    try (NetworkNamespace network = new NetworkNamespace();
        NativeSocket server = network.socket(AF_INET, SOCK_STREAM, 0);
        NativeSocket client = network.socket(AF_INET, SOCK_STREAM, 0)) {
      server.bind("127.0.0.2", PORT + 1).listen(1);
      client.bind("127.0.0.3", PORT).connect("127.0.0.2", PORT + 1);
      try (NativeSocket _ = server.accept()) {
        assertThat(row(network))
            .containsExactly(
                "127.0.0.2", port, "tcp_close", "SS_CONNECTED", "true", user, "127.0.0.2", port);
        assertThat(row(network, "--raw"))
            .containsExactly(
                address, number(0x12, 0x34), "0x" + close.strip(), "3", "1", "0", address, port);
      }
    }
  }
}
