// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Types;

/**
 * The names of files that are in no directory, which their file systems make up: the {@code
 * d_dname} of each, in fs/pipe.c, net/socket.c, fs/anon_inodes.c, fs/nsfs.c, fs/pidfs.c,
 * drivers/dma-buf/dma-buf.c, fs/libfs.c.
 */
final class PseudoNames {
  private static final int MOST = 255;

  private final Types types;
  private final VirtualMemory memory;
  private final Field inode;
  private final Field number;
  private final Field system;
  private final Field kind;
  private final Field kindName;
  private final Field name;
  private final Field data;

  PseudoNames(Types types, VirtualMemory memory) {
    this.types = types;
    this.memory = memory;
    inode = types.field("dentry", "d_inode");
    number = types.field("inode", "i_ino");
    system = types.field("dentry", "d_sb");
    kind = types.field("super_block", "s_type");
    kindName = types.field("file_system_type", "name");
    name = types.field("dentry", "d_name.name");
    data = types.field("dentry", "d_fsdata");
  }

  /**
   * The name of a file.
   *
   * @throws org.bpfdump.error.MemoryFaultException when something of it is not there
   */
  byte[] name(long dentry) {
    String type = text(kindName.get(memory, kind.get(memory, system.get(memory, dentry))));
    String made =
        switch (type) {
          case "pipefs" -> "pipe:[" + number(dentry) + "]";
          case "sockfs" -> "socket:[" + number(dentry) + "]";
          case "anon_inodefs" -> "anon_inode:" + text(name.get(memory, dentry));
          case "nsfs" -> namespace(dentry) + ":[" + number(dentry) + "]";
          case "pidfs" -> "anon_inode:[pidfd]";
          case "dmabuf" -> "/" + text(name.get(memory, dentry)) + ":" + buffer(dentry);
          default -> "/" + text(name.get(memory, dentry)) + " (deleted)";
        };
    return made.getBytes(StandardCharsets.ISO_8859_1);
  }

  private String number(long dentry) {
    return Long.toUnsignedString(number.get(memory, inode.get(memory, dentry)));
  }

  private String namespace(long dentry) {
    long operations = data.get(memory, dentry);
    if (operations == 0) {
      long common = types.field("inode", "i_private").get(memory, inode.get(memory, dentry));
      operations = types.field("ns_common", "ops").get(memory, common);
    }
    return text(types.field("proc_ns_operations", "name").get(memory, operations));
  }

  /** The name that a process gave a buffer, if it did. */
  private String buffer(long dentry) {
    Optional<Field> given = types.find("dma_buf", "name");
    long address = data.get(memory, dentry);
    long at = given.isEmpty() || address == 0 ? 0 : given.get().get(memory, address);
    return at == 0 ? "" : text(at);
  }

  private String text(long address) {
    return new String(memory.string(address, MOST), StandardCharsets.ISO_8859_1);
  }
}
