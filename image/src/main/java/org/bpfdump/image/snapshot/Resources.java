// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;

/** What the machine's physical addresses were, as /proc/iomem has it. */
public final class Resources {
  /** How deep and how many a kernel's may be here; real ones have some hundred, 6 deep. */
  private static final int DEEPEST = 64;

  private static final int MOST = 100_000;
  private static final int LONGEST_NAME = 256;

  private final VirtualMemory memory;
  private final Field start;
  private final Field end;
  private final Field name;
  private final Field parent;
  private final Field sibling;
  private final Field child;

  private Resources(VirtualMemory memory, Types types) {
    this.memory = memory;
    String struct = "resource";
    start = types.field(struct, "start");
    end = types.field(struct, "end");
    name = types.field(struct, "name");
    parent = types.field(struct, "parent");
    sibling = types.field(struct, "sibling");
    child = types.field(struct, "child");
  }

  /**
   * A range of addresses.
   *
   * @param depth 0, or how many others it is inside of
   * @param first physical address of its first byte
   * @param last of its last
   * @param name what it is, {@code System RAM}
   */
  public record Resource(int depth, long first, long last, String name) {}

  /** In the order of the file; what is broken ends the list. Empty when the image has none. */
  public static List<Resource> read(Snapshot snapshot) {
    List<Resource> found = new ArrayList<>();
    OptionalLong root = snapshot.find(Root.IOMEM_RESOURCE);
    if (root.isPresent()) {
      try {
        new Resources(snapshot.memory(), snapshot.types()).walk(root.getAsLong(), found);
      } catch (MemoryFaultException e) {
        // What was found so far is true.
      }
    }
    return found;
  }

  private void walk(long root, List<Resource> into) {
    int depth = 0;
    long at = child.get(memory, root);
    while (at != 0 && into.size() < MOST && depth < DEEPEST) {
      into.add(
          new Resource(
              depth,
              start.get(memory, at),
              end.get(memory, at),
              new String(
                  memory.string(name.get(memory, at), LONGEST_NAME), StandardCharsets.UTF_8)));
      long inner = child.get(memory, at);
      if (inner != 0) {
        at = inner;
        depth++;
        continue;
      }
      while (at != 0 && sibling.get(memory, at) == 0 && depth >= 0) {
        at = depth-- == 0 ? 0 : parent.get(memory, at);
      }
      at = at == 0 ? 0 : sibling.get(memory, at);
    }
  }

  /** Bytes of memory among them; 0 when the image does not tell. */
  public static long memoryBytes(List<Resource> resources) {
    long bytes = 0;
    for (Resource resource : resources) {
      if (resource.depth == 0 && resource.name.equals("System RAM")) {
        bytes += Math.max(0, resource.last - resource.first + 1);
      }
    }
    return bytes;
  }
}
