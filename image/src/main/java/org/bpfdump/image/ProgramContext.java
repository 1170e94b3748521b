// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.vm.ProgramMemory;
import org.bpfdump.kernel.Target;

/**
 * What a program gets in r1: a slot of eight bytes for each argument, the first of which points to
 * a {@code struct bpf_iter_meta}, and that to a {@code struct seq_file}. Programs may only read
 * them.
 */
final class ProgramContext {
  /** More than a {@code struct seq_file} has on any kernel. */
  private static final int MOST = 4096;

  private final long address;
  private final ByteBuffer slots;
  private final ByteBuffer meta;
  private final int numberAt;
  private final int most;

  ProgramContext(Target target, Types types, ProgramMemory memory, long session) {
    int seqAt = types.number("bpf_iter_meta", "seq", Long.BYTES).offset();
    int sessionAt = types.number("bpf_iter_meta", "session_id", Long.BYTES).offset();
    numberAt = types.number("bpf_iter_meta", "seq_num", Long.BYTES).offset();
    byte[] metaBytes = new byte[size(types, "bpf_iter_meta")];
    most = Math.max(0, target.arguments().size() - 1);
    byte[] slotBytes = new byte[8 * (1 + most)];
    meta = ByteBuffer.wrap(metaBytes).order(ByteOrder.LITTLE_ENDIAN);
    slots = ByteBuffer.wrap(slotBytes).order(ByteOrder.LITTLE_ENDIAN);
    long seq = memory.add(new byte[size(types, "seq_file")], false);
    meta.putLong(seqAt, seq).putLong(sessionAt, session);
    slots.putLong(0, memory.add(metaBytes, false));
    address = memory.add(slotBytes, false);
  }

  private static int size(Types types, String struct) {
    int size = types.size(struct);
    if (size < 24 || size > MOST) {
      throw new UnsupportedException(
          "this image's struct " + struct + " has " + size + " bytes, which no kernel's has");
    }
    return size;
  }

  /** Where it is. */
  long address() {
    return address;
  }

  /** Fills it in for one call, with as many arguments as the program has. */
  void set(long number, long[] arguments) {
    meta.putLong(numberAt, number);
    for (int i = 0; i < most; i++) {
      slots.putLong(8 * (i + 1), arguments[i]);
    }
  }
}
