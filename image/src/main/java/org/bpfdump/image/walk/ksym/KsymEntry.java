// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Symbols;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.Buffers;
import org.bpfdump.image.walk.WalkContext;

/** A {@code struct kallsym_iter} as programs see it. Source: kernel/kallsyms.c. */
final class KsymEntry {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final VirtualMemory memory;
  private final byte[] bytes;
  private final long address;
  private final int position;
  private final int value;
  private final int nameOffset;
  private final int type;
  private final int exported;
  private final Text name;
  private final Text module;

  KsymEntry(WalkContext context) {
    Types types = context.snapshot().types();
    memory = context.memory();
    Buffers.Buffer buffer = context.buffers().allocate(types.size("kallsym_iter"), false);
    bytes = buffer.bytes();
    address = buffer.address();
    position = offset(types, "pos", Long.BYTES);
    value = offset(types, "value", Long.BYTES);
    nameOffset = offset(types, "nameoff", Integer.BYTES);
    type = offset(types, "type", Byte.BYTES);
    exported = offset(types, "exported", Integer.BYTES);
    name = new Text(types.field("kallsym_iter", "name"));
    module = new Text(types.field("kallsym_iter", "module_name"));
    // Who may read an image may see what is in it.
    INT.set(bytes, offset(types, "show_value", Integer.BYTES), 1);
  }

  private static int offset(Types types, String member, int size) {
    return types.number("kallsym_iter", member, size).offset();
  }

  /** Where programs find it. */
  long address() {
    return address;
  }

  void position(long number) {
    LONG.set(bytes, position, number);
  }

  /** Where a part of the symbols ended, in a member that this kernel may not have. */
  void end(Optional<Field> member, long number) {
    if (member.isPresent() && member.get().size() == Long.BYTES) {
      LONG.set(bytes, member.get().offset(), number);
    }
  }

  void nameOffset(int offset) {
    INT.set(bytes, nameOffset, offset);
  }

  void symbol(long at, int letter, boolean isExported) {
    LONG.set(bytes, value, at);
    bytes[type] = (byte) letter;
    exported(isExported);
  }

  void exported(boolean is) {
    INT.set(bytes, exported, is ? 1 : 0);
  }

  /** The name that a symbol of the kernel has. */
  void name(Symbols symbols, int index) {
    name.end(symbols.copyName(index, bytes, name.start, name.most));
  }

  /** The name at an address. */
  void name(long string) {
    name.copy(string);
  }

  void name(byte[] text) {
    name.set(text);
  }

  /** The name of the module, at an address. */
  void module(long string) {
    module.copy(string);
  }

  void module(byte[] text) {
    module.set(text);
  }

  /** Whether the name is this string. */
  boolean hasName(long string) {
    for (int i = 0; i < name.most; i++) {
      int letter = memory.u8(string + i);
      if (letter != (bytes[name.start + i] & 0xFF)) {
        return false;
      }
      if (letter == 0) {
        return true;
      }
    }
    return true;
  }

  /** A text as the kernel's own functions take it. */
  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** An array of characters. */
  private final class Text {
    private static final int STEP = 64;

    private final int start;
    private final int most;
    private int length;

    Text(Field field) {
      start = field.offset();
      most = Math.max(0, field.size() - 1);
    }

    void end(int now) {
      if (now < length) {
        Arrays.fill(bytes, start + now, start + length, (byte) 0);
      }
      length = now;
    }

    void set(byte[] text) {
      int count = Math.min(text.length, most);
      System.arraycopy(text, 0, bytes, start, count);
      end(count);
    }

    void copy(long string) {
      int done = 0;
      while (done < most) {
        int wanted = Math.min(STEP, most - done);
        int read = memory.copy(string + done, bytes, start + done, wanted);
        for (int i = done; i < done + read; i++) {
          if (bytes[start + i] == 0) {
            length = Math.max(length, done + read);
            end(i);
            return;
          }
        }
        done += read;
        if (read < wanted) {
          length = Math.max(length, done);
          end(0);
          throw new MemoryFaultException(string + done);
        }
      }
      length = most;
    }
  }
}
