// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

/** Unwinds a program that a kernel function ended. */
final class Ended extends RuntimeException {
  private static final long serialVersionUID = 1L;

  final long cookie;

  Ended(long cookie) {
    super("ended", null, false, false);
    this.cookie = cookie;
  }
}
