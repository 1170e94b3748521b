// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import org.bpfdump.spec.KconfigExtern;

/** Something a program refers to that only a kernel has. */
sealed interface Extern {
  /** A kernel configuration option, at its place in the {@code .kconfig} map. */
  record Option(KconfigExtern option) implements Extern {}

  /**
   * A kernel symbol.
   *
   * @param type id of its declared type; 0 when declared {@code void}
   */
  record Variable(String name, int type, boolean weak) implements Extern {}

  /**
   * A kernel function.
   *
   * @param prototype id of its FUNC_PROTO
   */
  record Function(String name, int prototype, boolean weak) implements Extern {}
}
