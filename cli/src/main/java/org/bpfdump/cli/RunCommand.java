// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.live.LiveKernel;
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
    return options;
  }

  @Override
  public List<Operand> operands() {
    return List.of(Programs.OBJECT);
  }

  @Override
  public int run(Arguments arguments, Session session) {
    Parameter parameter = ParameterOptions.parse(arguments);
    ProgramSpec read = Programs.read(arguments);
    try (Kernel kernel = LiveKernel.open()) {
      ProgramSpec program = Programs.forTarget(read, arguments, kernel);
      try (Dumper dumper = kernel.load(program, parameter);
          Dump dump = dumper.open()) {
        copy(dump, session, arguments.has("--receipt"));
      }
    }
    return ExitCode.OK;
  }

  private static void copy(Dump dump, Session session, boolean receipt) {
    Output out = session.out();
    ByteBuffer bytes = ByteBuffer.allocateDirect(BUFFER);
    MemorySegment segment = MemorySegment.ofBuffer(bytes);
    for (long n = read(dump, segment); n > 0; n = read(dump, segment)) {
      out.write(bytes.position(0).limit((int) n));
    }
    if (receipt) {
      session.err().print(Errors.line(dump.receipt().toString()));
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
