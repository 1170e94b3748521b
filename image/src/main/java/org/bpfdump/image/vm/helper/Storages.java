// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.bpfdump.image.vm.helper.Errno.EINVAL;

import org.bpfdump.error.ProgramException;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.map.PassMap;

/** Storage that a program has for objects of the kernel. Source: kernel/bpf/bpf_local_storage.c. */
final class Storages {
  private static final long CREATE = 1;

  private Storages() {}

  private static PassMap map(Machine m, long handle) {
    PassMap map = m.helpers().maps().require(handle);
    if (!map.isStorage()) {
      throw new ProgramException("map " + map.spec().name() + " is no storage for objects");
    }
    return map;
  }

  static long get(Machine m, long map, long object, long initial, long flags, long r5) {
    if ((flags & ~CREATE) != 0 || object == 0) {
      return 0;
    }
    return map(m, map).storage(m, object, initial, flags == CREATE);
  }

  static long delete(Machine m, long map, long object, long r3, long r4, long r5) {
    return object == 0 ? -EINVAL : map(m, map).deleteStorage(object);
  }
}
