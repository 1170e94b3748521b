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
import org.bpfdump.kernel.Target;

/** Targets as a JSON array of objects. */
final class TargetJson {
  private TargetJson() {}

  static String of(List<Target> targets) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.useDefaultPrettyPrinter();
      json.writeStartArray();
      for (Target target : targets) {
        write(json, target);
      }
      json.writeEndArray();
    }
    return text.append('\n').toString();
  }

  private static void write(JsonGenerator json, Target target) throws IOException {
    json.writeStartObject();
    json.writeStringField("name", target.name());
    json.writeStringField("path", target.path());
    json.writeStringField("context", target.context());
    json.writeStringField("prototype", target.prototype());
    json.writeStringField("module", target.module());
    json.writeArrayFieldStart("arguments");
    for (Target.Argument argument : target.arguments()) {
      json.writeStartObject();
      json.writeStringField("name", argument.name());
      json.writeStringField("type", argument.type());
      json.writeNumberField("offset", argument.offset());
      json.writeBooleanField("nullable", argument.nullable());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("parameters");
    List<Parameter.Kind> kinds = new ArrayList<>(target.parameters());
    kinds.sort(null);
    for (Parameter.Kind kind : kinds) {
      json.writeString(kind.name().toLowerCase(Locale.ROOT));
    }
    json.writeEndArray();
    json.writeEndObject();
  }
}
