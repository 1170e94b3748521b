// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.spec;

import java.util.Optional;

/**
 * A map, not created yet. Numbers are the kernel's: {@code include/uapi/linux/bpf.h}.
 *
 * @param name its name; data sections have the object's name before theirs ({@code task.rodata})
 * @param type number of its {@code enum bpf_map_type}
 * @param keySize in bytes
 * @param valueSize in bytes
 * @param maxEntries entries; 0 where the type takes none or wants one per CPU
 * @param flags {@code BPF_F_*} of map creation
 * @param numaNode NUMA node, used when {@code flags} has {@code BPF_F_NUMA_NODE}
 * @param extra {@code map_extra}, whose meaning is the type's
 * @param pinned whether it is shared by name through a file {@code /sys/fs/bpf/NAME}
 * @param keyType BTF id of the key; 0 for none
 * @param valueType BTF id of the value; 0 for none
 * @param inner what the maps inside it are like, for a map of maps
 * @param contents what it holds from the start
 */
public record MapSpec(
    String name,
    int type,
    int keySize,
    int valueSize,
    int maxEntries,
    int flags,
    int numaNode,
    long extra,
    boolean pinned,
    int keyType,
    int valueType,
    Optional<MapSpec> inner,
    MapContents contents) {

  /** This map with other contents. */
  public MapSpec withContents(MapContents newContents) {
    return new MapSpec(
        name,
        type,
        keySize,
        valueSize,
        maxEntries,
        flags,
        numaNode,
        extra,
        pinned,
        keyType,
        valueType,
        inner,
        newContents);
  }
}
