// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** Where BTF has what walks ask for: its header, types and their members, the start of names. */
final class TypePlaces {
  private static final int BTF_HEADER = 24;

  /** Types that walks ask for. */
  private static final Set<String> TYPES =
      Set.of(
          "list_head",
          "hlist_node",
          "xarray",
          "xa_node",
          "idr",
          "radix_tree_root",
          "maple_tree",
          "maple_range_64",
          "maple_arange_64",
          "rhashtable",
          "bucket_table",
          "task_struct",
          "pid",
          "upid",
          "pid_namespace",
          "signal_struct",
          "nsproxy",
          "files_struct",
          "fdtable",
          "file",
          "path",
          "dentry",
          "qstr",
          "vfsmount",
          "mount",
          "inode",
          "mm_struct",
          "vm_area_struct",
          "net",
          "netns_ipv4",
          "netns_ipv6",
          "sock",
          "sock_common",
          "inet_sock",
          "tcp_sock",
          "inet_hashinfo",
          "udp_table",
          "unix_sock",
          "netlink_sock",
          "fib6_table",
          "fib6_node",
          "fib6_info",
          "bpf_map",
          "bpf_prog",
          "bpf_prog_aux",
          "bpf_link",
          "bpf_array",
          "bpf_htab",
          "htab_elem",
          "module",
          "kallsym_iter",
          "cgroup",
          "cgroup_subsys_state",
          "kernfs_node",
          "kmem_cache",
          "dma_buf",
          "long unsigned int",
          "unsigned int",
          "char",
          "u8",
          "u32",
          "u64",
          "atomic_t",
          "refcount_t",
          "seq_file",
          "bpf_iter_meta");

  private TypePlaces() {}

  /** Where words of it are, from its start. Source: include/uapi/linux/btf.h. */
  static LongStream in(byte[] btf) {
    ByteBuffer bytes = ByteBuffer.wrap(btf).order(ByteOrder.LITTLE_ENDIAN);
    int strings = BTF_HEADER + bytes.getInt(16);
    int end = BTF_HEADER + bytes.getInt(8) + bytes.getInt(12);
    List<Integer> words = new ArrayList<>();
    for (int i = 0; i < BTF_HEADER; i += Integer.BYTES) {
      words.add(i);
    }
    for (int at = BTF_HEADER + bytes.getInt(8); at < end; ) {
      int name = strings + bytes.getInt(at);
      int size = size(bytes.getInt(at + 4));
      if (TYPES.contains(string(btf, name))) {
        for (int i = at; i < at + size; i += Integer.BYTES) {
          words.add(i);
        }
        words.add(name & -Integer.BYTES);
      }
      at += size;
    }
    return words.stream().mapToLong(at -> at);
  }

  /** Bytes of a type. Source: include/uapi/linux/btf.h. */
  private static int size(int info) {
    int length = info & 0xFFFF;
    int more =
        switch (info >>> 24 & 0x1F) {
          case 1, 14, 17 -> 4; // INT, VAR, DECL_TAG
          case 3 -> 12; // ARRAY
          case 4, 5, 15, 19 -> 12 * length; // STRUCT, UNION, DATASEC, ENUM64
          case 6, 13 -> 8 * length; // ENUM, FUNC_PROTO
          default -> 0;
        };
    return 12 + more;
  }

  private static String string(byte[] bytes, int at) {
    int end = at;
    while (bytes[end] != 0) {
      end++;
    }
    return new String(Arrays.copyOfRange(bytes, at, end), StandardCharsets.UTF_8);
  }
}
