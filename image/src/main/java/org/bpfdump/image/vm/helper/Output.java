// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.EINVAL;
import static org.bpfdump.image.vm.helper.Errno.EOVERFLOW;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.ProgramMemory;
import org.bpfdump.image.vm.text.Printf;
import org.bpfdump.image.vm.text.TextBuffer;

/** Helpers that write. Sources: kernel/trace/bpf_trace.c, kernel/bpf/helpers.c, fs/seq_file.c. */
final class Output {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final int MOST_FORMAT = 1 << 16;

  private Output() {}

  static long seqPrintf(Machine m, long seq, long format, long size, long args, long length) {
    int error = print(m, format, size & 0xFFFFFFFFL, args, length);
    if (error != 0) {
      return error;
    }
    TextBuffer text = m.helpers().printf().text();
    return m.output().write(text.bytes(), 0, text.kept()) && !m.output().overflowed()
        ? 0
        : -EOVERFLOW;
  }

  static long seqWrite(Machine m, long seq, long data, long length, long r4, long r5) {
    int size = (int) length;
    if (ProgramMemory.isOwn(data)) {
      size = HelperState.size(m, data, length);
      byte[] bytes = m.own().bytes(data);
      return m.output().write(bytes, size == 0 ? 0 : (int) data, size) ? 0 : -EOVERFLOW;
    }
    // Objects of the kernel are written as they are; what is missing reads as zero.
    byte[] scratch = m.helpers().scratch(Math.clamp(size, 1, MOST_FORMAT));
    m.read(data, scratch, 0, Math.min(size, scratch.length));
    return m.output().write(scratch, 0, Math.min(size, scratch.length)) ? 0 : -EOVERFLOW;
  }

  static long snprintf(Machine m, long into, long room, long format, long args, long length) {
    int error = print(m, format, Long.MAX_VALUE, args, length);
    if (error != 0) {
      return error;
    }
    TextBuffer text = m.helpers().printf().text();
    terminate(m, into, room, text);
    return text.length() + 1;
  }

  /** Writes a text with its NUL, cut to the room there is. */
  static void terminate(Machine m, long into, long room, TextBuffer text) {
    int size = HelperState.size(m, into, room);
    if (size > 0) {
      int n = Math.min(text.kept(), size - 1);
      m.write(into, text.bytes(), 0, n);
      m.write(into + n, new byte[1], 0, 1);
    }
  }

  /** Checked and counted, and dropped: there is no trace buffer. */
  static long tracePrintk(Machine m, long format, long size, long a, long b, long c) {
    long[] arguments = m.helpers().arguments();
    arguments[0] = a;
    arguments[1] = b;
    arguments[2] = c;
    int error = print(m, format, size & 0xFFFFFFFFL, arguments, 3);
    return error != 0 ? error : m.helpers().printf().text().length();
  }

  static long traceVprintk(Machine m, long format, long size, long args, long length, long r5) {
    int error = print(m, format, size & 0xFFFFFFFFL, args, length);
    return error != 0 ? error : m.helpers().printf().text().length();
  }

  private static int print(Machine m, long format, long size, long args, long length) {
    int bytes = (int) length;
    if ((bytes & 7) != 0
        || bytes < 0
        || bytes > 8 * Printf.MOST_ARGUMENTS
        || (bytes != 0 && args == 0)) {
      return -EINVAL;
    }
    byte[] scratch = m.helpers().scratch(bytes);
    m.read(args, scratch, 0, bytes);
    long[] arguments = m.helpers().arguments();
    for (int i = 0; i < bytes / 8; i++) {
      arguments[i] = (long) LONG.get(scratch, 8 * i);
    }
    return print(m, format, size, arguments, bytes / 8);
  }

  private static int print(Machine m, long format, long size, long[] arguments, int count) {
    Printf printf = m.helpers().printf();
    if (ProgramMemory.isOwn(format)) {
      byte[] bytes = m.own().bytes(format);
      long start = Math.min(format & 0xFFFFFFFFL, bytes.length);
      int most = (int) Math.min(size, bytes.length - start);
      return printf.print(m, bytes, (int) start, most, arguments, count);
    }
    byte[] bytes = new byte[MOST_FORMAT];
    int n = m.kernel().copy(format, bytes, 0, (int) Math.min(size, MOST_FORMAT));
    return printf.print(m, bytes, 0, n, arguments, count);
  }
}
