// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.DumperTree;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.live.PinnedDumper;
import org.bpfdump.live.PinnedDumpers;

/**
 * {@code bpfdump dumper show dumper}. The first two columns are those of {@code bpftool dumper show
 * dumper} in the RFC.
 */
final class ShowDumperCommand implements Command.Action {
  private static final String[] HEADING = {
    "dumper",
    "prog_id",
    "target",
    "prog_name",
    "tag",
    "link_id",
    "mode",
    "owner",
    "group",
    "loaded",
    "loaded_by",
    "parameter",
    "query"
  };

  /** As wide as the RFC has them, where no value needs more. */
  private static final int[] LEAST_WIDTH = {24, 10};

  private static final String UNKNOWN = "-";

  @Override
  public String name() {
    return "bpfdump dumper show dumper";
  }

  @Override
  public String summary() {
    return "Lists every pinned dumper, whichever tool pinned it.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("[--json] [-v]");
  }

  @Override
  public List<Option> options() {
    List<Option> options = new ArrayList<>();
    options.add(Option.flag("--json", "as data"));
    options.addAll(ImageOptions.OPTIONS);
    return options;
  }

  @Override
  public List<Operand> operands() {
    return List.of();
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    if (arguments.has(ImageOptions.IMAGE.name())) {
      List<ImageDumpers.Entry> entries = ImageDumpers.of(arguments).list();
      session
          .out()
          .print(
              arguments.has("--json")
                  ? ImageDumperList.json(entries)
                  : ImageDumperList.table(entries));
      return ExitCode.OK;
    }
    PinnedDumpers pinned;
    try (LiveKernel kernel = LiveKernel.open()) {
      pinned = DumperTree.of(kernel).list();
    }
    session
        .out()
        .print(arguments.has("--json") ? DumperJson.of(pinned.dumpers()) : table(pinned.dumpers()));
    if (!pinned.refused().isEmpty()) {
      session
          .err()
          .print(
              Errors.line(
                  "there may be more: "
                      + pinned.refused().size()
                      + " files or directories may not be looked at, "
                      + pinned.refused().getFirst()
                      + " among them; run as root"));
    }
    return ExitCode.OK;
  }

  private static String table(List<PinnedDumper> dumpers) {
    Users users = Users.ofThisMachine();
    List<String[]> rows = new ArrayList<>();
    rows.add(HEADING);
    for (PinnedDumper dumper : dumpers) {
      rows.add(row(dumper, users));
    }
    return Table.of(rows, LEAST_WIDTH);
  }

  private static String[] row(PinnedDumper dumper, Users users) {
    PinnedDumper.Program program = dumper.program().orElse(null);
    return new String[] {
      Errors.visible(dumper.name()),
      Integer.toUnsignedString(dumper.programId()),
      dumper.target(),
      program == null ? UNKNOWN : program.name(),
      program == null ? UNKNOWN : program.tag(),
      Integer.toUnsignedString(dumper.linkId()),
      mode(dumper),
      Errors.visible(dumper.owner()),
      Errors.visible(dumper.group()),
      program == null ? UNKNOWN : program.loaded().toString(),
      program == null ? UNKNOWN : users.name(program.loader()),
      shown(dumper.parameter()),
      program == null ? UNKNOWN : program.query().map(Errors::visible).orElse(UNKNOWN)
    };
  }

  static String mode(PinnedDumper dumper) {
    return mode(dumper.mode());
  }

  static String mode(int mode) {
    String digits = Integer.toOctalString(mode);
    return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
  }

  private static String shown(Parameter parameter) {
    return switch (parameter) {
      case Parameter.Tid(int tid) -> "tid " + tid;
      case Parameter.Pid(int pid) -> "pid " + pid;
      case Parameter.MapId(int id) -> "map " + id;
      case Parameter.CgroupId(long id, Parameter.Order order) ->
          "cgroup " + Long.toUnsignedString(id) + " " + order.name().toLowerCase(Locale.ROOT);
      case Parameter.None _,
          Parameter.PidFd _,
          Parameter.MapName _,
          Parameter.MapPath _,
          Parameter.CgroupPath _ ->
          UNKNOWN; // the kernel keeps ids only
    };
  }
}
