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

  /** How often {@code may_goto} still goes on, of a function compiled in parts. */
  int mayJumps;

  Frame(Buffer stack) {
    this.stack = stack.bytes();
    this.pointer = stack.address() + STACK;
  }

  /** Sets the registers of a function that begins. */
  void begin(long r1, long r2, long r3, long r4, long r5) {
    registers[0] = 0;
    registers[1] = r1;
    registers[2] = r2;
    registers[3] = r3;
    registers[4] = r4;
    registers[5] = r5;
    for (int kept = 6; kept < 10; kept++) {
      registers[kept] = 0;
    }
    registers[10] = pointer;
    mayJumps = Processor.MAY_JUMPS;
  }

  /** The value of r0. */
  long result() {
    return registers[0];
  }
}
