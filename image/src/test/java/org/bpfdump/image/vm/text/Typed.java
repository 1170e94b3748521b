// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

import java.util.List;
import java.util.OptionalLong;
import org.bpfdump.btf.Btf;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.Translation;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.KernelModule;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Symbols;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.snapshot.Vmcoreinfo;

/** The kernel of an image with the types of another one. */
record Typed(Snapshot image, Btf btf) implements Snapshot {
  @Override
  public Types types() {
    return image.types();
  }

  @Override
  public Symbols symbols() {
    return image.symbols();
  }

  @Override
  public List<KernelModule> modules() {
    return image.modules();
  }

  @Override
  public VirtualMemory memory() {
    return image.memory();
  }

  @Override
  public long root(Root root) {
    return image.root(root);
  }

  @Override
  public OptionalLong find(Root root) {
    return image.find(root);
  }

  @Override
  public long perCpuOffset(int cpu) {
    return image.perCpuOffset(cpu);
  }

  @Override
  public int cpus() {
    return image.cpus();
  }

  @Override
  public Translation space(long mm) {
    return image.space(mm);
  }

  @Override
  public Vmcoreinfo vmcoreinfo() {
    return image.vmcoreinfo();
  }

  @Override
  public DumpFile file() {
    return image.file();
  }

  @Override
  public void close() {}
}
