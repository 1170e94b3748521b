// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.container.BrokenException;

/** The elements of an array, by index. Source: kernel/bpf/arraymap.c. */
final class ArrayElements implements MapElements {
  private final VirtualMemory memory;
  private final KernelMap map;
  private final long values;
  private final long stride;
  private long next;

  ArrayElements(Types types, VirtualMemory memory, KernelMap map) {
    this.memory = memory;
    this.map = map;
    if (map.keySize() != Integer.BYTES) {
      throw new BrokenException("map", map.address(), "has indices of " + map.keySize() + " bytes");
    }
    long array = map.address() - types.field("bpf_array", "map").offset();
    if (map.isPerCpu()) {
      values = types.field("bpf_array", "pptrs").at(array);
      stride = Long.BYTES;
    } else {
      values = types.field("bpf_array", "value").at(array);
      stride = types.field("bpf_array", "elem_size").get(memory, array);
      if (stride != map.stride()) {
        throw new BrokenException(
            "array", array, "has " + stride + " bytes for values of " + map.valueSize());
      }
    }
  }

  @Override
  public long slots() {
    return map.maxEntries();
  }

  @Override
  public boolean next() {
    if (next >= map.maxEntries()) {
      return false;
    }
    next++;
    return true;
  }

  @Override
  public void key(byte[] into) {
    ByteBuffer.wrap(into).order(ByteOrder.LITTLE_ENDIAN).putInt((int) (next - 1));
  }

  @Override
  public long value() {
    return at(next - 1);
  }

  @Override
  public long find(byte[] key) {
    int index = ByteBuffer.wrap(key).order(ByteOrder.LITTLE_ENDIAN).getInt();
    long unsigned = Integer.toUnsignedLong(index);
    return unsigned < map.maxEntries() ? at(unsigned) : 0;
  }

  private long at(long index) {
    long address = values + index * stride;
    return map.isPerCpu() ? memory.u64(address) : address;
  }
}
