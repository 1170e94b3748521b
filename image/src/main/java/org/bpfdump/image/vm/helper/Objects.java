// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.ENOENT;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.text.ObjectText;
import org.bpfdump.image.vm.text.TextBuffer;

/** Helpers that show an object by its type. Source: kernel/trace/bpf_trace.c. */
final class Objects {
  /** {@code struct btf_ptr}: address, type, flags that are not used. */
  private static final int POINTER = 16;

  private static final int ALL_FLAGS = 15;

  private Objects() {}

  static long seqPrintf(Machine m, long seq, long pointer, long size, long flags, long r5) {
    long result = show(m, pointer, size, flags);
    TextBuffer text = m.helpers().objects(m).text();
    // As in the kernel, text that does not fit is no error of this call.
    m.output().write(text.bytes(), 0, text.kept());
    return result;
  }

  static long snprintf(Machine m, long into, long room, long pointer, long size, long flags) {
    long result = show(m, pointer, size, flags);
    TextBuffer text = m.helpers().objects(m).text();
    Output.terminate(m, into, room, text);
    return result == 0 ? text.length() : result;
  }

  private static long show(Machine m, long pointer, long size, long flags) {
    ObjectText objects = m.helpers().objects(m);
    objects.text().clear();
    if ((flags & ~ALL_FLAGS) != 0 || (size & 0xFFFFFFFFL) != POINTER) {
      return -EINVAL;
    }
    byte[] scratch = m.helpers().scratch(POINTER);
    m.read(pointer, scratch, 0, POINTER);
    ByteBuffer in = ByteBuffer.wrap(scratch).order(ByteOrder.LITTLE_ENDIAN);
    int id = in.getInt(8);
    if (id == 0) {
      return -EINVAL;
    }
    if (!m.helpers().types(m).has(id)) {
      return -ENOENT;
    }
    return objects.show(m, id, in.getLong(0), flags);
  }
}
