// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.render;

/** Where the bytes of a format go. */
@FunctionalInterface
public interface Sink {
  /** Takes all of these bytes before it returns. */
  void write(byte[] bytes, int from, int to);
}
