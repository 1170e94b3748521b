// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.map;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.spec.MapSpec;

/** What a map's address points to: bytes that read as the kernel's own {@code struct bpf_map}. */
final class Handles {
  private static final int LEAST = 64;
  private static final int MOST_NAME = 15;

  private final Types types;

  Handles(Types types) {
    this.types = types;
  }

  byte[] of(MapSpec spec, int id) {
    int size = types.has("bpf_map") ? types.size("bpf_map") : LEAST;
    ByteBuffer into = ByteBuffer.allocate(Math.max(LEAST, size)).order(ByteOrder.LITTLE_ENDIAN);
    put(into, "map_type", spec.type());
    put(into, "key_size", spec.keySize());
    put(into, "value_size", spec.valueSize());
    put(into, "max_entries", spec.maxEntries());
    put(into, "map_flags", spec.flags());
    put(into, "id", id);
    byte[] name = spec.name().getBytes(StandardCharsets.UTF_8);
    types
        .find("bpf_map", "name")
        .filter(field -> field.size() > MOST_NAME)
        .ifPresent(field ->
            into.put(field.offset(), Arrays.copyOf(name, Math.min(name.length, MOST_NAME))));
    return into.array();
  }

  private void put(ByteBuffer into, String name, int value) {
    Optional<Field> field = types.find("bpf_map", name);
    if (field.isPresent() && field.get().size() == Integer.BYTES) {
      into.putInt(field.get().offset(), value);
    }
  }
}
