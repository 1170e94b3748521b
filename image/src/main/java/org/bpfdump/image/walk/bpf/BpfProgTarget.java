// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.walk.ImageTarget;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.References;

/** Every BPF program. Source: kernel/bpf/prog_iter.c. */
public final class BpfProgTarget implements ImageTarget {
  @Override
  public String name() {
    return "bpf_prog";
  }

  @Override
  public Walk open(WalkContext context) {
    Types types = context.snapshot().types();
    VirtualMemory memory = context.memory();
    Field aux = types.field("bpf_prog", "aux");
    References references = References.plain(types.field("bpf_prog_aux", "refcnt.counter"));
    return new IdWalk(
        context,
        Root.PROG_IDR,
        prog -> references.isAlive(memory, aux.get(memory, prog)),
        "the BPF programs");
  }
}
