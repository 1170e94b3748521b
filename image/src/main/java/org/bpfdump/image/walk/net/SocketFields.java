// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;

/**
 * What all sockets have, small ones ({@code struct inet_timewait_sock}, {@code struct
 * request_sock}) too. Source: include/net/sock.h.
 */
final class SocketFields {
  /** Where chains of a hash table go through a socket. */
  final Field node;

  /** Where chains of UDP's second table do. */
  final Field addressNode;

  /** {@code struct sock *}: of a connection not set up yet, the one that listens. */
  final Field listener;

  private final VirtualMemory memory;
  private final Field net;
  private final Field state;

  SocketFields(VirtualMemory memory, Types types) {
    this.memory = memory;
    node = types.field("sock_common", "skc_node");
    addressNode = types.field("sock_common", "skc_portaddr_node");
    listener = types.field("sock_common", "skc_listener");
    net = types.field("sock_common", "skc_net.net");
    state = types.field("sock_common", "skc_state");
  }

  /** The address of the {@code struct net} that a socket is in. */
  long net(long sock) {
    return net.get(memory, sock);
  }

  int state(long sock) {
    return (int) state.get(memory, sock);
  }

  /** Whether a socket is out of its hash table: nothing points at it. */
  boolean isUnhashed(long sock) {
    return memory.u64(node.at(sock) + Long.BYTES) == 0;
  }
}
