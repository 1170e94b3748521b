// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import org.bpfdump.btf.BtfType;

/**
 * Helpers that say whether a socket is of some kind, and give it as one. Source: {@code
 * bpf_skc_to_*} in {@code include/uapi/linux/bpf.h}; their numbers are in BTF.
 */
final class Sockets {
  private final Types types;

  Sockets(Types types) {
    this.types = types;
  }

  /** The number of the helper from one struct to the other; 0 when none fits. */
  int helper(int from, int to) {
    String name =
        switch (types.btf().name(to)) {
          case "tcp6_sock" -> "BPF_FUNC_skc_to_tcp6_sock";
          case "tcp_sock" -> "BPF_FUNC_skc_to_tcp_sock";
          case "tcp_timewait_sock" -> "BPF_FUNC_skc_to_tcp_timewait_sock";
          case "tcp_request_sock" -> "BPF_FUNC_skc_to_tcp_request_sock";
          case "udp6_sock" -> "BPF_FUNC_skc_to_udp6_sock";
          case "unix_sock" -> "BPF_FUNC_skc_to_unix_sock";
          case "mptcp_sock" -> "BPF_FUNC_skc_to_mptcp_sock";
          default -> "";
        };
    return name.isEmpty() || !socket(from) ? 0 : number(name);
  }

  /** Whether a struct begins with {@code sock_common}, as all sockets do. */
  private boolean socket(int struct) {
    int at = struct;
    for (int depth = 0; depth < Types.DEEPEST; depth++) {
      if (types.btf().name(at).equals("sock_common")) {
        return true;
      }
      if (!(types.resolved(at) instanceof BtfType.Struct s) || s.members().isEmpty()) {
        return false;
      }
      at = types.resolve(s.members().getFirst().type());
    }
    return false;
  }

  private int number(String name) {
    return (int) Math.max(0, types.enumerator("bpf_func_id", name));
  }
}
