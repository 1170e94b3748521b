// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

/**
 * A namespace of this machine, held by a descriptor: it is there until this is closed. Safe for use
 * by several threads.
 */
public sealed interface Namespace extends AutoCloseable permits NetworkNamespace, PidNamespace {
  /** What a person calls it: the name, process id or path it was asked for by. */
  String name();

  @Override
  void close();
}
