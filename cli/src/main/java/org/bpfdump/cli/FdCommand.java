// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.live.OpenDumper;
import org.bpfdump.live.OpenDumpers;

/**
 * {@code bpfdump fd}: what the RFC put into {@code /proc/PID/fdinfo}, {@code target} and {@code
 * prog_id}, for every descriptor that has it.
 */
final class FdCommand implements Command.Action {
  private static final String[] HEADING = {
    "pid", "fd", "target", "prog_id", "prog_name", "session", "objects", "ended", "comm", "file"
  };

  @Override
  public String name() {
    return "bpfdump fd";
  }

  @Override
  public String summary() {
    return "Lists every open descriptor of a dumper: process, descriptor, target, program.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("[PID] [--json] [-v]");
  }

  @Override
  public List<Option> options() {
    return List.of(Option.flag("--json", "as data"));
  }

  @Override
  public List<Operand> operands() {
    return List.of(Operand.optional("PID", "only those of this process"));
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    int pid = arguments.operands().isEmpty() ? 0 : pid(arguments);
    List<OpenDumper> dumpers;
    try (LiveKernel kernel = LiveKernel.open()) {
      dumpers = (pid == 0 ? OpenDumpers.all(kernel) : OpenDumpers.of(kernel, pid)).dumpers();
    }
    session.out().print(arguments.has("--json") ? json(dumpers) : table(dumpers));
    return ExitCode.OK;
  }

  private static int pid(Arguments arguments) {
    String word = arguments.operand();
    try {
      int pid = Integer.parseInt(word);
      if (pid > 0) {
        return pid;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw arguments.wrong("PID is a number from 1, not " + word);
  }

  private static String table(List<OpenDumper> dumpers) {
    List<String[]> rows = new ArrayList<>();
    rows.add(HEADING);
    for (OpenDumper dumper : dumpers) {
      rows.add(row(dumper));
    }
    return Table.of(rows);
  }

  private static String[] row(OpenDumper dumper) {
    String pid = Integer.toString(dumper.pid());
    return new String[] {
      dumper.tid() == dumper.pid() ? pid : pid + "/" + dumper.tid(),
      Integer.toString(dumper.fd()),
      Errors.visible(dumper.target()),
      Integer.toUnsignedString(dumper.programId()),
      Errors.visible(dumper.programName()),
      Long.toString(dumper.session()),
      Long.toString(dumper.passed()),
      dumper.ended() ? "yes" : "no",
      Errors.visible(dumper.comm()),
      dumper.file().isEmpty() ? "-" : shown(dumper.file().get())
    };
  }

  private static String shown(OpenDumper.File file) {
    return Errors.visible(file.path()) + (file.removed() ? " (removed)" : "");
  }

  private static String json(List<OpenDumper> dumpers) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (OpenDumper dumper : dumpers) {
        write(json, dumper);
      }
      json.writeEndArray();
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, OpenDumper dumper) throws IOException {
    json.writeStartObject();
    json.writeNumberField("pid", dumper.pid());
    json.writeNumberField("tid", dumper.tid());
    json.writeStringField("comm", dumper.comm());
    json.writeNumberField("fd", dumper.fd());
    json.writeStringField("target", dumper.target());
    json.writeNumberField("prog_id", Integer.toUnsignedLong(dumper.programId()));
    json.writeStringField("prog_name", dumper.programName());
    json.writeNumberField("session", dumper.session());
    json.writeNumberField("objects", dumper.passed());
    json.writeBooleanField("ended", dumper.ended());
    if (dumper.file().isPresent()) {
      OpenDumper.File file = dumper.file().get();
      json.writeStringField("file", file.path());
      json.writeBooleanField("removed", file.removed());
      json.writeNumberField("link_id", Integer.toUnsignedLong(file.linkId()));
    }
    json.writeEndObject();
  }
}
