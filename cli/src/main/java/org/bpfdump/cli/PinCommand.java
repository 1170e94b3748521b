// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.Access;
import org.bpfdump.live.DumperTree;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.live.PinnedDumper;
import org.bpfdump.spec.ProgramSpec;

/**
 * {@code bpfdump dumper pin OBJECT NAME}, {@code bpfdump dumper pin --query QUERY NAME}: a dumper
 * that is a file.
 */
final class PinCommand implements Command.Action {
  private static final String[] ONLY_FOR_NEW = {
    "--mode", "--owner", "--group", "--tid", "--pid", "--pidfd", "--map", "--cgroup", "--order"
  };

  /** What a dumper is made by, beside its file. */
  static final List<Option> MADE_BY = madeBy();

  private static final Operand NAME =
      Operand.optional("NAME", "a name in the target's directory, f1, or its path: task/file/f1");

  private static List<Option> madeBy() {
    List<Option> options = new ArrayList<>();
    options.add(Programs.PROGRAM);
    options.add(Programs.TARGET);
    options.addAll(Texts.OPTIONS);
    options.addAll(ParameterOptions.OPTIONS);
    options.removeIf(option -> option.name().equals("--query"));
    return List.copyOf(options);
  }

  @Override
  public String name() {
    return "bpfdump dumper pin";
  }

  @Override
  public String summary() {
    return "Makes a file of a program or a query: whoever may read it gets a dump.";
  }

  @Override
  public List<String> synopsis() {
    return List.of(
        "OBJECT NAME [--program NAME] [--target TARGET] | --query QUERY NAME",
        "[--format FORMAT] [--mode MODE] [--owner USER] [--group GROUP] [--replace] [--force]",
        "[--tid N | --pid N | --pidfd N | --map ID|NAME|PATH |",
        " --cgroup ID|PATH [--order ORDER]] [-v]");
  }

  @Override
  public List<Option> options() {
    List<Option> options = new ArrayList<>();
    options.add(Programs.PROGRAM);
    options.add(Programs.TARGET);
    options.addAll(Texts.OPTIONS);
    options.add(Option.value("--mode", "MODE", "its permissions in octal: 0400 unless told"));
    options.add(Option.value("--owner", "USER", "whose it is"));
    options.add(Option.value("--group", "GROUP", "whose group's it is"));
    options.add(Option.flag("--replace", "swap the program of the dumper of this name, no more"));
    options.add(
        Option.flag(
            "--force", "even if others could change the walked map's values by reading it"));
    options.addAll(ParameterOptions.OPTIONS);
    options.addAll(ImageOptions.OPTIONS);
    return options;
  }

  @Override
  public List<Operand> operands() {
    return List.of(Programs.OBJECT, NAME);
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    boolean replace = arguments.has("--replace");
    if (replace) {
      for (String option : ONLY_FOR_NEW) {
        if (arguments.has(option)) {
          throw arguments.wrong("--replace keeps everything but the program: leave out " + option);
        }
      }
    }
    Parameter parameter = ParameterOptions.parse(arguments);
    Access access = access(arguments);
    Source source = source(arguments);
    if (arguments.has(ImageOptions.IMAGE.name())) {
      if (replace) {
        throw arguments.wrong("--replace is of the running kernel: remove the dumper first");
      }
      try (ImageKernel kernel = ImageOptions.image(arguments, session)) {
        Path file = ImageDumpers.of(arguments).pin(source, kernel, parameter, access);
        session.out().print(file + "\n");
      }
      return ExitCode.OK;
    }
    try (LiveKernel kernel = LiveKernel.open()) {
      DumperTree tree = DumperTree.of(kernel);
      tree = arguments.has("--force") ? tree.sharingWriters() : tree;
      String name = arguments.operands().getLast();
      Target target = source.target(kernel);
      Path file =
          replace
              ? replace(tree, tree.pinned(target, name), source, kernel)
              : pin(tree, tree.place(target, name), source, kernel, parameter, access);
      source.remark(target, session);
      session.out().print(file + "\n");
    }
    return ExitCode.OK;
  }

  /** What the command line makes a dumper of. */
  static Source source(Arguments arguments) {
    return arguments.has("--query") ? new Texts(arguments) : new Compiled(arguments);
  }

  /** What a dumper is made of. */
  interface Source {
    /** The target that it walks. */
    Target target(Kernel kernel);

    /** Loads it for that target. */
    <D extends Dumper> D load(Kernel kernel, Function<? super ProgramSpec, ? extends D> load);

    /** What the dumper is to be called. */
    String name();

    /** What it is made of, as a file has it. */
    byte[] content() throws IOException;

    /** The words of the command line that say how it is made of that. */
    List<String> options();

    /** Says what there is to say of a dumper that was made. */
    default void remark(Target target, Session session) {}
  }

  /** A program of an object. */
  private static final class Compiled implements Source {
    private final Arguments arguments;
    private final ProgramSpec read;

    Compiled(Arguments arguments) {
      this.arguments = arguments;
      if (arguments.operands().size() < 2) {
        throw arguments.wrong("missing NAME: " + NAME.description());
      }
      if (arguments.has("--format")) {
        throw arguments.wrong(
            "--format goes with --query: a program decides itself what it writes");
      }
      read = Programs.read(arguments);
    }

    @Override
    public String name() {
      return arguments.operands().getLast();
    }

    @Override
    public byte[] content() throws IOException {
      return Files.readAllBytes(Path.of(arguments.operand()));
    }

    @Override
    public List<String> options() {
      return arguments.words(MADE_BY);
    }

    @Override
    public Target target(Kernel kernel) {
      ProgramSpec program = Programs.forTarget(read, arguments, kernel);
      if (program.target().isEmpty()) {
        throw new RequestException(
            "program " + program.name() + " does not say its target: name one (--target)");
      }
      return kernel.target(program.target().get());
    }

    @Override
    public <D extends Dumper> D load(
        Kernel kernel, Function<? super ProgramSpec, ? extends D> load) {
      return load.apply(Programs.forTarget(read, arguments, kernel));
    }
  }

  private static Path pin(
      DumperTree tree,
      DumperTree.Place place,
      Source source,
      LiveKernel kernel,
      Parameter parameter,
      Access access) {
    try (LiveDumper dumper = source.load(kernel, program -> kernel.load(program, parameter))) {
      tree.pin(dumper, place, access);
    }
    return place.file();
  }

  private static Path replace(
      DumperTree tree, PinnedDumper pinned, Source source, LiveKernel kernel) {
    try (LiveDumper dumper =
        source.load(kernel, program -> kernel.load(program, pinned.parameter()))) {
      tree.replace(pinned, dumper);
    }
    return pinned.file();
  }

  private static Access access(Arguments arguments) throws IOException {
    UserPrincipalLookupService names = FileSystems.getDefault().getUserPrincipalLookupService();
    String user = arguments.value("--owner");
    String team = arguments.value("--group");
    String what = "user " + user;
    try {
      Optional<UserPrincipal> owner =
          user == null ? Optional.empty() : Optional.of(names.lookupPrincipalByName(user));
      what = "group " + team;
      Optional<GroupPrincipal> group =
          team == null ? Optional.empty() : Optional.of(names.lookupPrincipalByGroupName(team));
      return new Access(mode(arguments), owner, group);
    } catch (java.nio.file.attribute.UserPrincipalNotFoundException e) {
      throw new RequestException("there is no " + what + " on this machine");
    }
  }

  private static int mode(Arguments arguments) {
    String text = arguments.value("--mode");
    if (text == null) {
      return Access.OWNER_READS.mode();
    }
    boolean octal = !text.isEmpty() && text.length() <= 5;
    for (int i = 0; i < text.length(); i++) {
      octal &= text.charAt(i) >= '0' && text.charAt(i) <= '7';
    }
    if (!octal) {
      throw arguments.wrong("--mode takes octal digits, as in 0440, not " + text);
    }
    return Integer.parseInt(text, 8);
  }
}
