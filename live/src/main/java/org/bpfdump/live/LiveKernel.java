// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.kernel.Targets;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.live.sys.Syscalls;
import org.bpfdump.spec.ProgramSpec;

/** The kernel that this process runs on. */
public final class LiveKernel implements Kernel {
  private static final Path BTF = Path.of("/sys/kernel/btf/vmlinux");

  private final Btf btf;
  private final Syscalls calls;
  private final Bpf bpf;
  private final Modules modules;

  /** The targets of the kernel itself, which stay; two threads may find the same. */
  private volatile List<Target> own;

  private LiveKernel(Btf btf, Syscalls calls) {
    this.btf = btf;
    this.calls = calls;
    this.bpf = new Bpf(calls);
    this.modules = new Modules(bpf, btf);
  }

  /**
   * Opens the running kernel. That takes no privilege; loading does.
   *
   * @throws UnsupportedException when it has no BTF
   */
  public static LiveKernel open() {
    Libc.linkAhead();
    return open(new Libc());
  }

  /** The same through another door. */
  static LiveKernel open(Syscalls calls) {
    if (!Files.exists(BTF)) {
      throw new UnsupportedException(
          "this kernel has no BTF: "
              + BTF
              + " does not exist; run a kernel built with CONFIG_DEBUG_INFO_BTF");
    }
    try {
      return new LiveKernel(Btf.read(BTF), calls);
    } catch (IOException e) {
      throw new UnsupportedException("cannot read this kernel's BTF: " + e);
    }
  }

  @Override
  public Btf btf() {
    return btf;
  }

  @Override
  public List<Target> targets() {
    List<Target> found = own;
    if (found == null) {
      found = List.copyOf(Targets.in(btf, "", Set.of()));
      own = found;
    }
    List<Target> targets = new ArrayList<>(found);
    Set<String> names = new HashSet<>();
    for (Target target : targets) {
      names.add(target.name());
    }
    for (Modules.Module module : modules.readable()) {
      targets.addAll(Targets.in(module.btf(), module.name(), names));
    }
    targets.sort((a, b) -> a.name().compareTo(b.name()));
    return List.copyOf(targets);
  }

  @Override
  public LiveDumper load(ProgramSpec program, Parameter parameter) {
    try (Loading loading = new Loading(this, program)) {
      return loading.load(parameter);
    }
  }

  @Override
  public LiveDumper load(ProgramSpec program) {
    return load(program, new Parameter.None());
  }

  Syscalls calls() {
    return calls;
  }

  Bpf bpf() {
    return bpf;
  }

  Modules modules() {
    return modules;
  }

  @Override
  public void close() {
    modules.close();
  }
}
