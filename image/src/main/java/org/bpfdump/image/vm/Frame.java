// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import org.bpfdump.image.walk.Buffers.Buffer;

/** What one call of a function has: a stack, and registers where it is interpreted. */
final class Frame {
  /** Bytes of a function's stack: {@code MAX_BPF_STACK} of the kernel. */
  static final int STACK = 512;

  final byte[] stack;

  /** The value of r10: the end of the stack. */
  final long pointer;

  final long[] registers = new long[11];

  Frame(Buffer stack) {
    this.stack = stack.bytes();
    this.pointer = stack.address() + STACK;
  }
}
