// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.net;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.Namespace;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.ListCursor;

/** The network namespaces of an image. Source: net/core/net_namespace.c. */
public final class NetworkNamespaces {
  /** More than anybody runs. */
  private static final int MOST = 1 << 20;

  private NetworkNamespaces() {}

  /** All of them, in the kernel's order: the first one first. */
  public static List<Namespace> in(Snapshot snapshot) {
    return in(snapshot, new Notes());
  }

  /**
   * The same.
   *
   * @param notes takes what is broken: those after it are missing
   */
  public static List<Namespace> in(Snapshot snapshot, Notes notes) {
    VirtualMemory memory = snapshot.memory();
    long initial = snapshot.root(Root.INIT_NET);
    Field inode = snapshot.types().field("net", "ns.inum");
    Field link = snapshot.types().field("net", "list");
    List<Namespace> found = new ArrayList<>();
    boolean first = false;
    OptionalLong head = snapshot.find(Root.NET_NAMESPACE_LIST);
    if (head.isPresent()) {
      ListCursor list = new ListCursor(memory);
      list.start(head.getAsLong());
      try {
        for (long node; (node = list.next()) != 0 && found.size() < MOST; ) {
          long net = node - link.offset();
          first |= net == initial;
          found.add(new Namespace(net, inode.get(memory, net)));
        }
      } catch (MemoryFaultException | BrokenException e) {
        notes.missing("the network namespaces: " + e.getMessage());
      }
    }
    if (!first) {
      long number = memory.loadOrZero(inode.at(initial), inode.size());
      found.addFirst(new Namespace(initial, number));
    }
    return List.copyOf(found);
  }
}
