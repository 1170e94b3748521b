// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import java.util.OptionalLong;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.WalkContext;

/**
 * The user that a socket belongs to, as the kernel tells its iterators: as the first user namespace
 * sees it. Kernels until 6.16 look at the socket's inode ({@code sock_i_uid}), so that what no
 * process has belongs to root; later ones at what the socket remembers. Sources: net/core/sock.c,
 * include/net/sock.h.
 */
final class SocketOwners {
  /** Who owns what has no owner in this user namespace. */
  private static final long OVERFLOW = 65534;

  /** No user: {@code INVALID_UID}. */
  private static final long NONE = 0xFFFF_FFFFL;

  private final VirtualMemory memory;
  private final Notes notes;
  private final Field remembered;
  private final Field socket;
  private final boolean byInode;
  private final int fromSocketToOwner;
  private final long overflow;

  SocketOwners(WalkContext context) {
    Snapshot snapshot = context.snapshot();
    Types types = snapshot.types();
    memory = context.memory();
    notes = context.notes();
    remembered = types.field("sock", "sk_uid.val");
    socket = types.field("sock", "sk_socket");
    byInode = snapshot.btf().findId("sock_i_uid", BtfType.Func.class) != 0;
    fromSocketToOwner =
        types.field("socket_alloc", "vfs_inode").offset()
            + types.field("inode", "i_uid.val").offset()
            - types.field("socket_alloc", "socket").offset();
    OptionalLong root = snapshot.find(Root.OVERFLOWUID);
    long configured = root.isPresent() ? memory.loadOrZero(root.getAsLong(), 4) : 0;
    overflow = configured == 0 ? OVERFLOW : configured;
  }

  /** The owner of a {@code struct sock}; nobody, with a note, when memory does not tell. */
  long of(long sock) {
    try {
      long owner = owner(sock);
      return owner == NONE ? overflow : owner;
    } catch (MemoryFaultException e) {
      notes.missing(
          "the owner of the socket at 0x" + Long.toHexString(sock) + ": " + e.getMessage());
      return overflow;
    }
  }

  private long owner(long sock) {
    if (!byInode) {
      return remembered.get(memory, sock);
    }
    long used = socket.get(memory, sock);
    return used == 0 ? 0 : memory.u32(used + fromSocketToOwner);
  }
}
