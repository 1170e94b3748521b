// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.vm.Machine;

/**
 * Helpers that tell what a socket is: its address when it is of their kind, else NULL. Sources:
 * net/core/filter.c, net/mptcp/bpf.c.
 */
final class Sockets {
  private static final int AF_UNIX = 1;
  private static final int AF_INET6 = 10;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int DGRAM = 2;
  private static final int TIME_WAIT = 6;
  private static final int NEW_SYN_RECV = 12;

  private final VirtualMemory memory;
  private final Field state;
  private final Field family;
  private final Field prot;
  private final Field protocol;
  private final Field type;
  private final Optional<Field> mptcp;
  private final Optional<Field> upper;
  private final Optional<Field> connection;
  private final OptionalLong tcpProt;
  private final OptionalLong tcp6Prot;
  private final OptionalLong fileOperations;
  private final Field operations;
  private final Field privateData;

  Sockets(Snapshot snapshot, VirtualMemory memory) {
    this.memory = memory;
    Types types = snapshot.types();
    state = types.field("sock_common", "skc_state");
    family = types.field("sock_common", "skc_family");
    prot = types.field("sock_common", "skc_prot");
    protocol = types.field("sock", "sk_protocol");
    type = types.field("sock", "sk_type");
    mptcp = types.find("tcp_sock", "is_mptcp");
    upper = types.find("inet_connection_sock", "icsk_ulp_data");
    connection = types.find("mptcp_subflow_context", "conn");
    tcpProt = snapshot.symbols().find("tcp_prot");
    tcp6Prot = snapshot.symbols().find("tcpv6_prot");
    fileOperations = snapshot.symbols().find("socket_file_ops");
    operations = types.field("file", "f_op");
    privateData = types.field("file", "private_data");
  }

  private long number(Field field, long struct) {
    long unit = memory.loadOrZero(field.at(struct), field.size());
    return field.bits() == 0 ? unit : (unit >>> field.shift()) & ((1L << field.bits()) - 1);
  }

  private boolean isFull(long sock) {
    long now = number(state, sock);
    return sock != 0 && now != TIME_WAIT && now != NEW_SYN_RECV;
  }

  private boolean isTcp(long sock) {
    return isFull(sock) && number(protocol, sock) == TCP;
  }

  /** A small socket in this state, which has no protocol's number but the protocol itself. */
  private boolean isSmall(long sock, int wanted) {
    long its = number(prot, sock);
    return sock != 0
        && number(state, sock) == wanted
        && ((tcpProt.isPresent() && its == tcpProt.getAsLong())
            || (tcp6Prot.isPresent() && its == tcp6Prot.getAsLong()));
  }

  /** {@code bpf_get_socket_cookie}: 0 where nobody has asked the kernel for one. */
  static long cookie(Machine m, long socket, long r2, long r3, long r4, long r5) {
    Field cookie = m.snapshot().types().field("sock_common", "skc_cookie.counter");
    return socket == 0 ? 0 : m.kernel().loadOrZero(cookie.at(socket), 8);
  }

  static long tcp6(Machine m, long sock, long r2, long r3, long r4, long r5) {
    Sockets s = m.helpers().sockets(m);
    return s.isTcp(sock) && s.number(s.family, sock) == AF_INET6 ? sock : 0;
  }

  static long tcp(Machine m, long sock, long r2, long r3, long r4, long r5) {
    return m.helpers().sockets(m).isTcp(sock) ? sock : 0;
  }

  static long timewait(Machine m, long sock, long r2, long r3, long r4, long r5) {
    return m.helpers().sockets(m).isSmall(sock, TIME_WAIT) ? sock : 0;
  }

  static long request(Machine m, long sock, long r2, long r3, long r4, long r5) {
    return m.helpers().sockets(m).isSmall(sock, NEW_SYN_RECV) ? sock : 0;
  }

  static long udp6(Machine m, long sock, long r2, long r3, long r4, long r5) {
    Sockets s = m.helpers().sockets(m);
    boolean is =
        s.isFull(sock)
            && s.number(s.protocol, sock) == UDP
            && s.number(s.type, sock) == DGRAM
            && s.number(s.family, sock) == AF_INET6;
    return is ? sock : 0;
  }

  static long unix(Machine m, long sock, long r2, long r3, long r4, long r5) {
    Sockets s = m.helpers().sockets(m);
    return s.isFull(sock) && s.number(s.family, sock) == AF_UNIX ? sock : 0;
  }

  static long mptcp(Machine m, long sock, long r2, long r3, long r4, long r5) {
    Sockets s = m.helpers().sockets(m);
    if (s.mptcp.isEmpty() || s.upper.isEmpty() || s.connection.isEmpty()) {
      return 0;
    }
    if (!s.isTcp(sock) || s.number(s.mptcp.get(), sock) == 0) {
      return 0;
    }
    long subflow = s.number(s.upper.get(), sock);
    return subflow == 0 ? 0 : s.number(s.connection.get(), subflow);
  }

  /** {@code bpf_sock_from_file}: the struct socket that a file is. */
  static long fromFile(Machine m, long file, long r2, long r3, long r4, long r5) {
    Sockets s = m.helpers().sockets(m);
    boolean is =
        s.fileOperations.isPresent()
            && s.number(s.operations, file) == s.fileOperations.getAsLong();
    return is ? s.number(s.privateData, file) : 0;
  }
}
