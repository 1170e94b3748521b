// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.spec.ProgramSpec;

/** {@code bpfdump run OBJECT}: an anonymous dumper. */
final class RunCommand implements Command.Action {
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
        NamespaceOptions.SYNOPSIS,
        "[--tid N | --pid N | --pidfd N | --map ID|NAME|PATH |",
        " --cgroup ID|PATH [--order ORDER]]");
  }

  @Override
  public List<Option> options() {
    List<Option> options = new ArrayList<>();
    options.add(Programs.PROGRAM);
    options.add(Programs.TARGET);
    options.add(NamespaceOptions.RECEIPT);
    options.addAll(ParameterOptions.OPTIONS);
    options.addAll(NamespaceOptions.OPTIONS);
    options.addAll(ImageOptions.OPTIONS);
    return options;
  }

  @Override
  public List<Operand> operands() {
    return List.of(Programs.OBJECT);
  }

  @Override
  public int run(Arguments arguments, Session session) {
    Parameter parameter = ParameterOptions.parse(arguments);
    NamespaceOptions.check(arguments);
    ProgramSpec read = Programs.read(arguments);
    try (Kernel kernel = ImageOptions.kernel(arguments, session);
        Namespaces namespaces = NamespaceOptions.open(arguments, kernel)) {
      ProgramSpec program = Programs.forTarget(read, arguments, kernel);
      Copy copy = namespaces.copy(session.out());
      try (Dumper dumper = kernel.load(program, parameter)) {
        namespaces.dump(dumper, copy);
      }
      tell(copy.receipt(), arguments, session);
    }
    return ExitCode.OK;
  }

  /** Says what was read, if it was asked. */
  static void tell(Receipt receipt, Arguments arguments, Session session) {
    if (arguments.has("--receipt")) {
      session.err().print(Errors.line(receipt.toString()));
    }
  }
}
