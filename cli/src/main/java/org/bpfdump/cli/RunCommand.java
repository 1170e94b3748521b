// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.io.Serial;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.live.NetworkNamespace;
import org.bpfdump.obj.ObjectFile;
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
    options.add(Option.value("--program", "NAME", "which program, when the object has several"));
    options.add(Option.value("--target", "TARGET", "run it for this target, not the one it names"));
    options.add(Option.flag("--receipt", "say on standard error what was read, and whether all"));
    options.addAll(ParameterOptions.OPTIONS);
    options.addAll(NamespaceOptions.OPTIONS);
    return options;
  }

  @Override
  public String operand() {
    return "OBJECT";
  }

  @Override
  public String operandDescription() {
    return "an iterator program compiled by clang -target bpf -g";
  }

  @Override
  public int run(Arguments arguments, Session session) {
    Parameter parameter = ParameterOptions.parse(arguments);
    boolean everywhere = NamespaceOptions.all(arguments);
    ProgramSpec program = program(arguments);
    String target = arguments.value("--target");
    Receipt receipt;
    try (NetworkNamespace namespace = NamespaceOptions.open(arguments);
        LiveKernel kernel = LiveKernel.open()) {
      if (target != null) {
        program = program.withTarget(kernel.target(target).name());
      }
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

  private static ProgramSpec program(Arguments arguments) {
    Path path;
    try {
      path = Path.of(arguments.operand());
    } catch (InvalidPathException e) {
      throw arguments.wrong("not a path: " + e.getMessage());
    }
    ObjectFile object;
    try {
      object = ObjectFile.read(path);
    } catch (IOException e) {
      throw new ReadException(path, e);
    }
    String name = arguments.value("--program");
    return name == null ? object.program() : object.program(name);
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
