// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import static org.bpfdump.image.vm.helper.Errno.EOPNOTSUPP;

import org.bpfdump.spec.MapSpec;

/**
 * What a map holds, by slots: each has a key, where the type keeps keys, and a value. Results are
 * the kernel's: 0 or a negative errno. Shared by the passes of a dumper; callers hold its monitor.
 */
abstract class Store {
  static final long NOEXIST = 1;
  static final long EXIST = 2;
  static final long LOCK = 4;

  private final MapSpec spec;
  private final Values values;
  private final int keyRoom;
  private final int copies;

  /**
   * @param keyRoom bytes before a slot's value that hold its key, a multiple of 8
   * @param copies how many values a slot has: 1, or one a CPU
   */
  Store(MapSpec spec, Values values, int keyRoom, int copies) {
    this.spec = spec;
    this.values = values;
    this.keyRoom = keyRoom;
    this.copies = copies;
  }

  static int rounded(int size) {
    return (size + 7) & ~7;
  }

  final MapSpec spec() {
    return spec;
  }

  final Values values() {
    return values;
  }

  /** Bytes from a slot's start to its value. */
  final int valueOffset() {
    return keyRoom;
  }

  final int copies() {
    return copies;
  }

  /** The bytes that a slot is in, from {@link #start} on. */
  final byte[] bytes(int slot) {
    return values.bytes(values.block(slot));
  }

  final int start(int slot) {
    return values.offset(slot);
  }

  /** Puts a value into a slot: of the first CPU, zeroes for the others when it is new. */
  final void put(int slot, byte[] value, boolean fresh) {
    byte[] bytes = bytes(slot);
    int at = start(slot) + keyRoom;
    if (fresh && copies > 1) {
      java.util.Arrays.fill(bytes, at, at + copies * rounded(spec.valueSize()), (byte) 0);
    }
    System.arraycopy(value, 0, bytes, at, spec.valueSize());
  }

  /** How many elements there are, where they are counted; 0 elsewhere. */
  int count() {
    return 0;
  }

  /** The slot of a key, -1 for none. */
  int lookup(byte[] key) {
    return -1;
  }

  int update(byte[] key, byte[] value, long flags) {
    return -EOPNOTSUPP;
  }

  int delete(byte[] key) {
    return -EOPNOTSUPP;
  }

  int push(byte[] value, long flags) {
    return -EOPNOTSUPP;
  }

  int peek(byte[] value, boolean remove) {
    return -EOPNOTSUPP;
  }

  /** The first slot in use from this one on, -1 for none. */
  int next(int slot) {
    return -1;
  }
}
