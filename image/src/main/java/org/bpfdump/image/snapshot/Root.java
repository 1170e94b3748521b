// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

/**
 * A global variable that walks start from. BTF does not describe globals: what they are is said
 * here, once. Types are those of the kernel's sources.
 */
public enum Root {
  /** {@code struct pid_namespace}: the first, kernel/pid.c. */
  INIT_PID_NS("init_pid_ns"),
  /** {@code struct net}: the first network namespace, net/core/net_namespace.c. */
  INIT_NET("init_net");

  private final String symbol;

  Root(String symbol) {
    this.symbol = symbol;
  }

  /** The variable's name. */
  public String symbol() {
    return symbol;
  }
}
