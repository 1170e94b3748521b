// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.Translation;
import org.bpfdump.image.memory.VirtualMemory;

/** A kernel that a dump has. What costs time is read when it is first asked for. */
final class KernelSnapshot implements Snapshot {
  private final DumpFile file;
  private final Vmcoreinfo info;
  private final Architecture architecture;
  private final Symbols symbols;
  private final Lazy<Btf> btf;
  private final Lazy<Types> types;
  private final Lazy<PerCpu> perCpu;
  private final Lazy<List<KernelModule>> modules;

  private KernelSnapshot(
      DumpFile file, Vmcoreinfo info, Architecture architecture, Symbols symbols) {
    this.file = file;
    this.info = info;
    this.architecture = architecture;
    this.symbols = symbols;
    this.btf = new Lazy<>(() -> new KernelBtf(memory(), symbols, architecture.image()).read());
    this.types = new Lazy<>(() -> new Types(btf()));
    this.perCpu = new Lazy<>(() -> PerCpu.read(memory(), symbols));
    this.modules = new Lazy<>(() -> List.copyOf(new Modules(this).read()));
  }

  /** What there is to know before anything can be read by its address. */
  private record Start(Vmcoreinfo info, Architecture architecture) {}

  static KernelSnapshot open(DumpFile file, Optional<Path> symbolFile) throws IOException {
    Optional<byte[]> note = file.vmcoreinfo();
    Start start =
        note.isPresent()
            ? start(file, new Vmcoreinfo(note.get()))
            : VmcoreinfoSearch.search(file, info -> start(file, info));
    Symbols symbols;
    if (symbolFile.isPresent()) {
      symbols = SymbolFile.read(symbolFile.get(), start.info);
    } else {
      VirtualMemory memory = new VirtualMemory(file.memory(), start.architecture.kernel());
      symbols = kallsyms(start.info, memory);
    }
    return new KernelSnapshot(file, start.info, start.architecture, symbols);
  }

  private static Symbols kallsyms(Vmcoreinfo info, VirtualMemory memory) {
    try {
      return new KallsymsReader(info, memory).read().orElseGet(NoSymbols::new);
    } catch (MemoryFaultException e) {
      // Left out of the file: as in an image whose kernel does not say where they are.
      return new NoSymbols();
    }
  }

  private static Start start(DumpFile file, Vmcoreinfo info) {
    return new Start(info, Architecture.of(file, info));
  }

  @Override
  public Btf btf() {
    return btf.get();
  }

  @Override
  public Types types() {
    return types.get();
  }

  @Override
  public Symbols symbols() {
    return symbols;
  }

  @Override
  public VirtualMemory memory() {
    return new VirtualMemory(file.memory(), architecture.kernel());
  }

  @Override
  public long root(Root root) {
    return find(root)
        .orElseThrow(() ->
            new UnsupportedException(
                symbols.count() == 0
                    ? "this image has no symbols, and "
                        + root.symbol()
                        + " is needed: give those of its kernel with --symbols System.map or --symbols vmlinux"
                    : "this image's kernel has no symbol "
                        + root.symbol()
                        + ": give its whole symbols with --symbols System.map or --symbols vmlinux"));
  }

  @Override
  public OptionalLong find(Root root) {
    OptionalLong told = info.symbol(root.symbol());
    return told.isPresent() ? told : symbols.find(root.symbol());
  }

  @Override
  public long perCpuOffset(int cpu) {
    return perCpu.get().offset(cpu);
  }

  @Override
  public int cpus() {
    return perCpu.get().cpus();
  }

  @Override
  public Translation space(long mm) {
    long tables = types().field("mm_struct", "pgd").get(memory(), mm);
    long root = architecture.kernel().physical(tables);
    if (root < 0) {
      throw new MemoryFaultException(tables);
    }
    return architecture.process(root);
  }

  @Override
  public List<KernelModule> modules() {
    return modules.get();
  }

  @Override
  public Vmcoreinfo vmcoreinfo() {
    return info;
  }

  @Override
  public DumpFile file() {
    return file;
  }

  @Override
  public void close() {
    file.close();
  }
}
