// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.kernel.Target;
import org.bpfdump.query.check.Fields;
import org.bpfdump.query.syntax.Parser;
import org.bpfdump.query.syntax.QueryText;

/** {@code bpfdump fields TARGET PATH}: what a query can select. */
final class FieldsCommand implements Command.Action {
  @Override
  public String name() {
    return "bpfdump fields";
  }

  @Override
  public String summary() {
    return "Lists what a query can select: names, C types, and how each is read.";
  }

  @Override
  public List<String> synopsis() {
    return List.of("TARGET [PATH] [--json] [-v]");
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
    return List.of(
        Operand.one("TARGET", "what to walk, such as task/file"),
        Operand.optional("EXPRESSION", "an expression whose members to list, file.f_inode say"));
  }

  @Override
  public int run(Arguments arguments, Session session) throws IOException {
    List<String> operands = arguments.operands();
    List<Fields.Field> found;
    try (Kernel kernel = ImageOptions.kernel(arguments, session)) {
      Target target = kernel.target(operands.getFirst());
      if (!target.module().isEmpty()) {
        throw new UnsupportedException(
            "target "
                + target.path()
                + " is of module "
                + target.module()
                + ": no query can be made");
      }
      Fields fields = new Fields(kernel.btf(), target);
      found =
          operands.size() == 1
              ? fields.arguments()
              : fields.of(
                  new QueryText.Source(operands.get(1), Parser.expression(operands.get(1))));
    }
    session.out().print(arguments.has("--json") ? json(found) : table(found));
    return ExitCode.OK;
  }

  private static String table(List<Fields.Field> fields) {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"name", "read", "declaration"});
    for (Fields.Field field : fields) {
      rows.add(new String[] {field.name(), word(field.reading()), field.declaration()});
    }
    return Table.of(rows);
  }

  private static String json(List<Fields.Field> fields) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (Fields.Field field : fields) {
        json.writeStartObject();
        json.writeStringField("name", field.name());
        json.writeStringField("declaration", field.declaration());
        json.writeStringField("read", word(field.reading()));
        json.writeBooleanField("members", field.members());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    return text.append('\n').toString();
  }

  private static String word(Fields.Reading reading) {
    return switch (reading) {
      case GIVEN -> "given";
      case DIRECT -> "direct";
      case PROBE -> "probe";
    };
  }
}
