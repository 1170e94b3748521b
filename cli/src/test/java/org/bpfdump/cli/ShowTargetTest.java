// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

@RequiresKernel
class ShowTargetTest {
  private static final Pattern ROW = Pattern.compile("(\\S+) +(\\S+) +(\\S.*)");

  @Test
  void theColumnsLineUpAndTheFirstTwoAreThoseOfTheRfc() {
    List<String> lines = Bpfdump.run("dumper", "show", "target").ok().out().lines().toList();

    String heading = lines.getFirst();
    assertThat(heading).matches("target {18}prog_ctx_type +prototype");
    int last = heading.indexOf("prototype");
    for (String line : lines.subList(1, lines.size())) {
      Matcher row = ROW.matcher(line);
      assertThat(row.matches()).as(line).isTrue();
      assertThat(row.start(2)).as(line).isEqualTo(24);
      assertThat(row.start(3)).as(line).isEqualTo(last);
      assertThat(row.group(2)).isEqualTo("bpf_iter__" + row.group(1).replace('/', '_'));
      assertThat(row.group(3)).startsWith("int bpf_iter_" + row.group(1).replace('/', '_') + "(");
    }
    assertThat(lines)
        .contains(
            "%-24s".formatted("task/file")
                + ("%-" + (last - 24) + "s").formatted("bpf_iter__task_file")
                + "int bpf_iter_task_file(struct bpf_iter_meta *meta, struct task_struct *task,"
                + " u32 fd, struct file *file)");
  }

  @Test
  void theDataIsWhatBpftoolReadsInTheKernelsTypes() throws IOException {
    Map<String, List<Object>> contexts = contextsByBpftool();
    assertThat(contexts).isNotEmpty();

    Map<String, List<Object>> shown = new TreeMap<>();
    for (Object entry : (List<?>) json(Bpfdump.run("dumper", "show", "target", "--json").ok())) {
      Map<?, ?> target = (Map<?, ?>) entry;
      if (target.get("module").equals("")) {
        List<Object> arguments = new ArrayList<>();
        for (Object argument : (List<?>) target.get("arguments")) {
          Map<?, ?> fields = (Map<?, ?>) argument;
          arguments.add(fields.get("offset"));
        }
        shown.put((String) target.get("context"), arguments);
      }
    }

    assertThat(shown).isEqualTo(contexts);
  }

  @Test
  void theDataSaysWhatAProgramMustKnow() throws IOException {
    Map<?, ?> taskFile = null;
    List<String> lines = new ArrayList<>();
    for (Object entry : (List<?>) json(Bpfdump.run("dumper", "show", "target", "--json").ok())) {
      Map<?, ?> target = (Map<?, ?>) entry;
      if (target.get("path").equals("task/file")) {
        taskFile = target;
      }
      lines.add(target.get("path") + " " + target.get("context") + " " + target.get("prototype"));
    }

    assertThat(taskFile.get("name")).isEqualTo("task_file");
    assertThat(taskFile.get("parameters")).isEqualTo(List.of("task"));
    assertThat((List<?>) taskFile.get("arguments"))
        .map(Object::toString)
        .containsExactly(
            "{name=meta, type=struct bpf_iter_meta *, offset=0, nullable=false}",
            "{name=task, type=struct task_struct *, offset=8, nullable=true}",
            "{name=fd, type=u32, offset=16, nullable=false}",
            "{name=file, type=struct file *, offset=24, nullable=true}");
    assertThat(Bpfdump.run("dumper", "show", "target").out().lines().skip(1))
        .map(line -> line.replaceAll("  +", " "))
        .containsExactlyElementsOf(lines);
  }

  @Test
  void withoutPrivilegeOnlyTheTargetsOfModulesAreMissing() throws IOException {
    List<Object> expected = new ArrayList<>();
    for (Object entry : (List<?>) json(Bpfdump.run("dumper", "show", "target", "--json").ok())) {
      if (((Map<?, ?>) entry).get("module").equals("")) {
        expected.add(entry);
      }
    }

    Exec.Result shown = Bpfdump.runAsNobody("dumper", "show", "target", "--json").ok();

    assertThat(json(shown)).isEqualTo(expected);
    assertThat(shown.err()).isEmpty();
    assertThat(Bpfdump.runAsNobody("dumper", "show", "target").ok().out()).contains("task/file");
  }

  /** Each struct bpf_iter__X with a function bpf_iter_X, and where its members are. */
  private static Map<String, List<Object>> contextsByBpftool() {
    String text =
        Exec.sh(
                "bpftool btf dump file /sys/kernel/btf/vmlinux |"
                    + " grep -A9 -E \"STRUCT 'bpf_iter__|FUNC 'bpf_iter_\"")
            .run()
            .ok()
            .out();
    Map<String, List<Object>> contexts = new TreeMap<>();
    List<String> functions = new ArrayList<>();
    List<Object> members = new ArrayList<>();
    Pattern member = Pattern.compile("\t'[^']+' type_id=\\d+ bits_offset=(\\d+)");
    for (String line : text.lines().toList()) {
      Matcher m = member.matcher(line);
      if (m.lookingAt()) {
        members.add(Integer.parseInt(m.group(1)) / 8);
      } else {
        members = new ArrayList<>();
        String[] words = line.split("[ ']+");
        if (line.contains("STRUCT 'bpf_iter__")) {
          contexts.put(words[2], members);
        } else if (line.contains("FUNC '")) {
          functions.add(words[2]);
        }
      }
    }
    contexts.keySet().removeIf(c -> !functions.contains(c.replace("iter__", "iter_")));
    return contexts;
  }

  private static Object json(Exec.Result result) throws IOException {
    return json(result.out());
  }

  static Object json(String text) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      Object value = value(parser);
      assertThat(parser.nextToken()).isNull();
      return value;
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_ARRAY -> {
        List<Object> list = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(parser));
        }
        yield list;
      }
      case START_OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          map.put(name, value(parser));
        }
        yield map;
      }
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NUMBER_INT -> parser.getIntValue();
      default -> parser.getText();
    };
  }
}
