// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
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
    "uid",
    "parameter"
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
    return List.of(Option.flag("--json", "as data"));
  }

  @Override
  public List<Operand> operands() {
    return List.of();
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    PinnedDumpers pinned;
    try (LiveKernel kernel = LiveKernel.open()) {
      pinned = DumperTree.of(kernel).list();
    }
    session.out().print(arguments.has("--json") ? json(pinned.dumpers()) : table(pinned.dumpers()));
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
    List<String[]> rows = new ArrayList<>();
    rows.add(HEADING);
    for (PinnedDumper dumper : dumpers) {
      rows.add(row(dumper));
    }
    return Table.of(rows, LEAST_WIDTH);
  }

  private static String[] row(PinnedDumper dumper) {
    PinnedDumper.Program program = dumper.program().orElse(null);
    return new String[] {
      Errors.visible(dumper.name()),
      Integer.toUnsignedString(dumper.programId()),
      dumper.target(),
      program == null ? UNKNOWN : program.name(),
      program == null ? UNKNOWN : program.tag(),
      Integer.toUnsignedString(dumper.linkId()),
      mode(dumper),
      dumper.owner(),
      dumper.group(),
      program == null ? UNKNOWN : program.loaded().toString(),
      program == null ? UNKNOWN : Long.toString(program.loader()),
      shown(dumper.parameter())
    };
  }

  private static String mode(PinnedDumper dumper) {
    String digits = Integer.toOctalString(dumper.mode());
    return "0".repeat(Math.max(0, 4 - digits.length())) + digits;
  }

  private static String shown(Parameter parameter) {
    return switch (parameter) {
      case Parameter.Tid(int tid) -> "tid " + tid;
      case Parameter.Pid(int pid) -> "pid " + pid;
      case Parameter.MapId(int id) -> "map " + id;
      case Parameter.CgroupId(long id, Parameter.Order order) ->
          "cgroup " + id + " " + order.name().toLowerCase(Locale.ROOT);
      case Parameter.None _,
          Parameter.PidFd _,
          Parameter.MapName _,
          Parameter.MapPath _,
          Parameter.CgroupPath _ ->
          UNKNOWN; // the kernel keeps ids only
    };
  }

  private static String json(List<PinnedDumper> dumpers) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (PinnedDumper dumper : dumpers) {
        write(json, dumper);
      }
      json.writeEndArray();
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, PinnedDumper dumper) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", dumper.name());
    json.writeStringField("file", dumper.file().toString());
    json.writeStringField("target", dumper.target());
    json.writeNumberField("link_id", Integer.toUnsignedLong(dumper.linkId()));
    json.writeNumberField("prog_id", Integer.toUnsignedLong(dumper.programId()));
    if (dumper.program().isPresent()) {
      PinnedDumper.Program program = dumper.program().get();
      json.writeStringField("prog_name", program.name());
      json.writeStringField("prog_tag", program.tag());
      json.writeStringField("loaded_at", program.loaded().toString());
      json.writeNumberField("loaded_by_uid", program.loader());
    }
    switch (dumper.parameter()) {
      case Parameter.Tid(int tid) -> json.writeNumberField("tid", tid);
      case Parameter.Pid(int pid) -> json.writeNumberField("pid", pid);
      case Parameter.MapId(int id) -> json.writeNumberField("map_id", Integer.toUnsignedLong(id));
      case Parameter.CgroupId(long id, Parameter.Order order) -> {
        json.writeNumberField("cgroup_id", id);
        json.writeStringField("order", order.name().toLowerCase(Locale.ROOT));
      }
      case Parameter.None _,
          Parameter.PidFd _,
          Parameter.MapName _,
          Parameter.MapPath _,
          Parameter.CgroupPath _ -> {
        // the kernel keeps ids only
      }
    }
    json.writeStringField("mode", mode(dumper));
    json.writeStringField("owner", dumper.owner());
    json.writeStringField("group", dumper.group());
    json.writeEndObject();
  }
}
