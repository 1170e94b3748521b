// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Sockets for a guest of scripts/test-kernels to look at: listeners, connections with unread data,
 * one from IPv4; and, for each byte that comes in, one more in time-wait.
 */
final class World {
  private World() {}

  public static void main(String[] arguments) throws IOException {
    List<AutoCloseable> held = new ArrayList<>();
    ServerSocketChannel any = listen("::", 7001);
    ServerSocketChannel loopback = listen("::1", 7002);
    held.add(any);
    for (String from : new String[] {"::1", "127.0.0.1"}) {
      SocketChannel client = connect(from, 7001);
      SocketChannel server = any.accept();
      client.write(ByteBuffer.wrap(new byte[1234]));
      held.add(client);
      held.add(server);
    }
    while (System.in.read() >= 0) {
      SocketChannel client = connect("::1", 7002);
      SocketChannel server = loopback.accept();
      client.close(); // the side that closes first waits
      server.close();
      System.out.println("done");
      System.out.flush();
    }
    System.err.println("closing " + held.size());
  }

  private static ServerSocketChannel listen(String address, int port) throws IOException {
    return ServerSocketChannel.open()
        .bind(new InetSocketAddress(InetAddress.getByName(address), port), 5);
  }

  private static SocketChannel connect(String address, int port) throws IOException {
    return SocketChannel.open(new InetSocketAddress(InetAddress.getByName(address), port));
  }
}
