// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Targets;
import org.bpfdump.live.PinnedDumper;

/**
 * Pinned dumpers as data. What {@code bpftool link show -j} has too has the same name and value
 * here, apart from its {@code id}, which is {@code link_id}; so has {@code loaded_at}. The other
 * fields of {@code bpftool prog show -j} have names that say whose they are.
 */
final class DumperJson {
  private DumperJson() {}

  static String of(List<PinnedDumper> dumpers) throws IOException {
    StringWriter text = new StringWriter();
    Users users = Users.ofThisMachine();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (PinnedDumper dumper : dumpers) {
        write(json, dumper, users);
      }
      json.writeEndArray();
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, PinnedDumper dumper, Users users)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("name", dumper.name());
    json.writeStringField("file", dumper.file().toString());
    json.writeStringField("target", dumper.target());
    json.writeStringField("target_name", Targets.name(dumper.target()));
    json.writeNumberField("link_id", Integer.toUnsignedLong(dumper.linkId()));
    json.writeNumberField("prog_id", Integer.toUnsignedLong(dumper.programId()));
    if (dumper.program().isPresent()) {
      PinnedDumper.Program program = dumper.program().get();
      json.writeStringField("prog_name", program.name());
      json.writeStringField("prog_tag", program.tag());
      json.writeNumberField("loaded_at", program.loaded().getEpochSecond());
      json.writeStringField("loaded", program.loaded().toString());
      json.writeNumberField("loaded_by_uid", program.loader());
      json.writeStringField("loaded_by", users.name(program.loader()));
      if (program.query().isPresent()) {
        json.writeStringField("query", program.query().get());
      }
    }
    switch (dumper.parameter()) {
      case Parameter.Tid(int tid) -> json.writeNumberField("tid", tid);
      case Parameter.Pid(int pid) -> json.writeNumberField("pid", pid);
      case Parameter.MapId(int id) -> json.writeNumberField("map_id", Integer.toUnsignedLong(id));
      case Parameter.CgroupId(long id, Parameter.Order order) -> {
        json.writeNumberField("cgroup_id", new BigInteger(Long.toUnsignedString(id)));
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
    json.writeStringField("mode", ShowDumperCommand.mode(dumper));
    json.writeStringField("owner", dumper.owner());
    json.writeStringField("group", dumper.group());
    json.writeEndObject();
  }
}
