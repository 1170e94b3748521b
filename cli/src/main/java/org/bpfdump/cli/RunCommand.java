// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.live.NetworkNamespace;
import org.bpfdump.spec.ProgramSpec;

/** {@code bpfdump run OBJECT}: an anonymous dumper. */
final class RunCommand implements Command.Action {
  /** The kernel gives at most 32 KiB at a time. */
  private static final int BUFFER = 64 << 10;

  @Override
  public String name() {
    return "bpfdump run";
  }

  @Override
  public String summary() {
    return "Loads a program, attaches it, and writes out its dump.";
  }

  @Override
  public List<String> synopsis() {
    return List.of(
        "OBJECT [--program NAME] [--target TARGET] [--receipt] [-v]",
        "[--netns NAME|PID|PATH | --all-netns]",
        "[--tid N | --pid N | --pidfd N | --map ID|NAME|PATH |",
        " --cgroup ID|PATH [--order ORDER]]");
  }

  @Override
  public List<Option> options() {
    List<Option> options = new ArrayList<>();
    options.add(Programs.PROGRAM);
    options.add(Programs.TARGET);
    options.add(Option.flag("--receipt", "say on standard error what was read, and whether all"));
    options.addAll(ParameterOptions.OPTIONS);
    options.addAll(NamespaceOptions.OPTIONS);
    return options;
  }

  @Override
  public List<Operand> operands() {
    return List.of(Programs.OBJECT);
  }

  @Override
  public int run(Arguments arguments, Session session) {
    Parameter parameter = ParameterOptions.parse(arguments);
    boolean everywhere = NamespaceOptions.all(arguments);
    ProgramSpec read = Programs.read(arguments);
    Receipt receipt;
    try (NetworkNamespace namespace = NamespaceOptions.open(arguments);
        LiveKernel kernel = LiveKernel.open()) {
      ProgramSpec program = Programs.forTarget(read, arguments, kernel);
      try (LiveDumper dumper = kernel.load(program, parameter)) {
        receipt =
            everywhere
                ? new EveryNamespace(dumper, session.out()).run()
                : copy(dumper, namespace, session.out());
      }
    }
    if (arguments.has("--receipt")) {
      session.err().print(Errors.line(receipt.toString()));
    }
    return ExitCode.OK;
  }

  /** Writes out a dump as it comes. */
  private static Receipt copy(LiveDumper dumper, NetworkNamespace namespace, Output out) {
    try (Dump dump = namespace == null ? dumper.open() : dumper.openIn(namespace)) {
      ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER);
      MemorySegment segment = MemorySegment.ofBuffer(bytes);
      for (long n = read(dump, segment); n > 0; n = read(dump, segment)) {
        out.write(bytes.position(0).limit((int) n));
      }
      return dump.receipt();
    }
  }

  private static long read(Dump dump, MemorySegment into) {
    try {
      return dump.read(into);
    } catch (BpfdumpException e) {
      throw new PartException(dump.receipt(), e);
    }
  }

  /** The dump ended before its target did; the message is its receipt, which says why. */
  static final class PartException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    PartException(Receipt receipt, BpfdumpException cause) {
      super(receipt.toString(), cause);
    }
  }
}
