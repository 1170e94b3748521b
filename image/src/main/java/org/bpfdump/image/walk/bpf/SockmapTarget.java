// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import org.bpfdump.error.RequestException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.kernel.Parameter;

/**
 * Every socket in a map of sockets: of an array by index, with the slots that are empty; of a hash
 * table by bucket. Source: net/core/sock_map.c.
 */
public final class SockmapTarget implements ImageTarget {
  @Override
  public String name() {
    return "sockmap";
  }

  @Override
  public void admit(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {
    resolve(snapshot, memory, parameter);
  }

  @Override
  public Walk open(WalkContext context) {
    KernelMap map = resolve(context.snapshot(), context.memory(), context.parameter());
    return map.type() == KernelMap.SOCKMAP
        ? new SockArrayWalk(context, map)
        : new SockHashWalk(context, map);
  }

  private KernelMap resolve(Snapshot snapshot, VirtualMemory memory, Parameter parameter) {
    KernelMap map = MapParameter.resolve(snapshot, memory, parameter, name());
    if (map.type() != KernelMap.SOCKMAP && map.type() != KernelMap.SOCKHASH) {
      throw new RequestException(
          "target sockmap walks no map of type "
              + map.type()
              + ", which map "
              + map.id()
              + " is: it takes arrays and hash tables of sockets");
    }
    Copies.requireCopyable(map, snapshot);
    return map;
  }
}
