// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.util.Optional;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.ProgramException;
import org.bpfdump.image.vm.Helper;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.ProgramMemory;

/**
 * Objects that a program makes, of types of its own: {@code bpf_obj_new} and its kin. Source:
 * kernel/bpf/helpers.c.
 */
final class Allocations {
  private static final int LARGEST = 1 << 20;

  private Allocations() {}

  /**
   * Functions that make objects; none where {@code name} is no such function.
   *
   * @param types the program's, by whose numbers it names them
   */
  static Optional<Helper> maker(String name, Btf types) {
    return Optional.ofNullable(
        switch (name) {
          case "bpf_obj_new_impl", "bpf_obj_new" ->
              (m, type, _, _, _, _) -> m.own().allocate(size(types, type), true).address();
          default -> null;
        });
  }

  private static int size(Btf types, long type) {
    long size = type > 0 && type < types.size() ? types.sizeOf((int) type) : 0;
    if (size <= 0 || size > LARGEST) {
      throw new ProgramException("makes an object of type " + type + ", which has no size");
    }
    return (int) size;
  }

  /** The last who drops an object frees it. */
  static long drop(Machine m, long object, long r2, long r3, long r4, long r5) {
    if (!m.helpers().dropsReference(object)) {
      m.own().remove(object);
    }
    return 0;
  }

  static long share(Machine m, long object, long r2, long r3, long r4, long r5) {
    m.own().bytes(object);
    m.helpers().addReference(object);
    return object;
  }

  /**
   * {@code bpf_kptr_xchg}: puts a pointer into a value of a map, and gives the one that was there.
   *
   * @throws ProgramException when it is to memory of the program, which is gone before the map is
   */
  static long exchange(Machine m, long place, long pointer, long r3, long r4, long r5) {
    if (ProgramMemory.isOwn(pointer)) {
      throw new ProgramException(
          "keeps an object of its own in a map, which bpfdump does not have for images yet");
    }
    byte[] bytes = new byte[Long.BYTES];
    m.read(place, bytes, 0, bytes.length);
    long before = 0;
    for (int i = bytes.length - 1; i >= 0; i--) {
      before = before << Byte.SIZE | (bytes[i] & 0xFF);
    }
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (pointer >>> (Byte.SIZE * i));
    }
    m.write(place, bytes, 0, bytes.length);
    return before;
  }
}
