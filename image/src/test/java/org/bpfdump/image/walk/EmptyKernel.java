// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import java.util.List;
import java.util.OptionalLong;
import org.bpfdump.btf.Btf;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.SpoiledDump;
import org.bpfdump.image.memory.Translation;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.KernelModule;
import org.bpfdump.image.snapshot.NoSymbols;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Symbols;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.image.snapshot.Vmcoreinfo;

/** A kernel with types and roots, and nothing in memory. */
public final class EmptyKernel implements Snapshot {
  private static final long ROOT = 0xFFFF_8880_0000_0000L;
  private static final long APART = 1 << 16;

  private final Types types;

  /** Of these types. */
  public EmptyKernel(Btf btf) {
    types = new Types(btf);
  }

  @Override
  public Btf btf() {
    return types.btf();
  }

  @Override
  public Types types() {
    return types;
  }

  @Override
  public Symbols symbols() {
    return new NoSymbols();
  }

  @Override
  public VirtualMemory memory() {
    return new VirtualMemory(null, _ -> Translation.NONE);
  }

  @Override
  public long root(Root root) {
    return ROOT;
  }

  @Override
  public OptionalLong find(Root root) {
    return OptionalLong.of(root(root));
  }

  @Override
  public long perCpuOffset(int cpu) {
    return cpu == 0 ? APART : 0;
  }

  @Override
  public int cpus() {
    return 1;
  }

  @Override
  public Translation space(long mm) {
    return _ -> Translation.NONE;
  }

  @Override
  public List<KernelModule> modules() {
    return List.of();
  }

  @Override
  public Vmcoreinfo vmcoreinfo() {
    throw new AssertionError("walks look at memory alone");
  }

  @Override
  public DumpFile file() {
    return SpoiledDump.nothing();
  }

  @Override
  public void close() {
    // It owns nothing.
  }
}
