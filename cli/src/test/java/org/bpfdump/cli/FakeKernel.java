// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.kernel.Target;
import org.bpfdump.spec.ProgramSpec;

/** A kernel whose dumps are made up, for what the command does around them. */
final class FakeKernel implements Kernel {
  /** What a dump gives, one read each. */
  final List<byte[]> chunks = new ArrayList<>();

  /** Thrown where the dump would end; null to let it end. */
  BpfdumpException end;

  /** Thrown instead of loading; null to load. */
  Throwable refusal;

  final List<ProgramSpec> loaded = new ArrayList<>();
  final List<Parameter> parameters = new ArrayList<>();
  int open;

  Kernel opened() {
    open++;
    return this;
  }

  @Override
  public Btf btf() {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Target> targets() {
    return List.of(target("task", "task"), target("task_file", "task/file"));
  }

  private static Target target(String name, String path) {
    String context = Target.CONTEXT_PREFIX + name;
    return new Target(name, path, context, List.of(), Set.of(), "int " + name + "()", 1, "");
  }

  @Override
  public Dumper load(ProgramSpec program, Parameter parameter) {
    switch (refusal) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(refusal);
    }
    loaded.add(program);
    parameters.add(parameter);
    open++;
    return new FakeDumper(program.name());
  }

  @Override
  public void close() {
    open--;
  }

  private final class FakeDumper implements Dumper {
    private final String name;

    FakeDumper(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Target target() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Dump open() {
      open++;
      return new FakeDump();
    }

    @Override
    public void close() {
      open--;
    }
  }

  private final class FakeDump implements Dump {
    private int reads;
    private long bytes;

    @Override
    public long read(MemorySegment into) {
      if (reads < chunks.size()) {
        byte[] chunk = chunks.get(reads++);
        MemorySegment.copy(MemorySegment.ofArray(chunk), 0, into, 0, chunk.length);
        bytes += chunk.length;
        return chunk.length;
      }
      reads++;
      if (end != null) {
        throw end;
      }
      return 0;
    }

    @Override
    public Receipt receipt() {
      return new Receipt(
          bytes, reads, 0, end == null ? Optional.empty() : Optional.of(end.getMessage()));
    }

    @Override
    public void close() {
      open--;
    }
  }
}
