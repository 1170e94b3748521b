// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.image.ImageInfo;
import org.bpfdump.image.ImageKernel;

/** {@code bpfdump --image FILE info}. */
final class InfoCommand implements Command.Action {
  @Override
  public String name() {
    return "bpfdump info";
  }

  @Override
  public String summary() {
    return "Says of which machine an image is, why it ended, and what is missing from the file.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("--image FILE [--symbols FILE] [--json] [-v]");
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
    ImageInfo info;
    try (ImageKernel kernel = ImageOptions.image(arguments, session)) {
      info = kernel.info();
    }
    session.out().print(arguments.has("--json") ? json(info) : text(info));
    return ExitCode.OK;
  }

  private static String text(ImageInfo info) {
    List<String[]> rows = new ArrayList<>();
    rows.add(row("format", info.format()));
    rows.add(row("release", info.release()));
    rows.add(row("version", info.version()));
    rows.add(row("machine", info.machine()));
    rows.add(row("host", info.hostname()));
    rows.add(row("cpus", Integer.toString(info.cpus())));
    rows.add(row("memory", mebibytes(info.memory())));
    long all = info.pages() + info.absent();
    rows.add(
        row(
            "in the file",
            info.pages()
                + " of "
                + all
                + " pages"
                + (info.absent() == 0 ? "" : ", " + info.absent() + " left out")));
    info.time()
        .ifPresent(time -> rows.add(row("time", time.truncatedTo(ChronoUnit.SECONDS).toString())));
    info.uptime().ifPresent(up -> rows.add(row("uptime", duration(up))));
    info.panic().ifPresent(panic -> rows.add(row("panic", panic)));
    info.task()
        .ifPresent(task ->
            rows.add(row("task", task.pid() + " " + task.name() + ", on CPU " + task.cpu())));
    for (String missing : info.missing()) {
      rows.add(row("missing", missing));
    }
    rows.removeIf(row -> row[1].isEmpty());
    return Table.of(rows);
  }

  private static String[] row(String name, String value) {
    return new String[] {name, Errors.visible(value)};
  }

  private static String mebibytes(long bytes) {
    return (bytes >> 20) + " MiB";
  }

  private static String duration(Duration time) {
    long days = time.toDays();
    String clock =
        "%d:%02d:%02d".formatted(time.toHoursPart(), time.toMinutesPart(), time.toSecondsPart());
    return days == 0 ? clock : days + (days == 1 ? " day " : " days ") + clock;
  }

  private static String json(ImageInfo info) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartObject();
      json.writeStringField("format", info.format());
      json.writeStringField("release", info.release());
      json.writeStringField("version", info.version());
      json.writeStringField("machine", info.machine());
      json.writeStringField("host", info.hostname());
      json.writeNumberField("cpus", info.cpus());
      json.writeNumberField("memory", info.memory());
      json.writeNumberField("pages", info.pages());
      json.writeNumberField("absent", info.absent());
      if (info.time().isPresent()) {
        json.writeStringField("time", info.time().get().toString());
      }
      if (info.uptime().isPresent()) {
        json.writeNumberField("uptime", info.uptime().get().toNanos() / 1e9);
      }
      if (info.panic().isPresent()) {
        json.writeStringField("panic", info.panic().get());
      }
      if (info.task().isPresent()) {
        json.writeObjectFieldStart("task");
        json.writeNumberField("pid", info.task().get().pid());
        json.writeStringField("name", info.task().get().name());
        json.writeNumberField("cpu", info.task().get().cpu());
        json.writeEndObject();
      }
      json.writeArrayFieldStart("missing");
      for (String missing : info.missing()) {
        json.writeString(missing);
      }
      json.writeEndArray();
      json.writeEndObject();
    }
    return text.append('\n').toString();
  }
}
