// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Disassembler;
import org.bpfdump.asm.Instruction;
import org.bpfdump.btf.Btf;
import org.bpfdump.query.LoadedQuery;
import org.bpfdump.query.Span;
import org.bpfdump.query.code.Readings;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.row.RowLayout;
import org.bpfdump.spec.ProgramSpec;

/** What a query does on a kernel, for a person. */
final class Explanation {
  /** More than that, and the verifier refuses. */
  private static final int MOST = 1_000_000;

  private final StringBuilder text = new StringBuilder();
  private final Plan plan;
  private final ProgramSpec program;
  private final RowLayout layout;
  private final Readings readings;

  private Explanation(LoadedQuery loaded) {
    plan = loaded.plan();
    program = loaded.compiled().spec();
    layout = loaded.compiled().layout();
    readings = new Readings(plan, loaded.compiled());
  }

  /**
   * The explanation.
   *
   * @param processed instructions that the verifier went through; 0 when it is not known
   */
  static String of(LoadedQuery loaded, Btf kernel, int processed) {
    Explanation explanation = new Explanation(loaded);
    explanation.condition();
    explanation.columns();
    explanation.cost(processed);
    explanation.code(new Disassembler(kernel));
    return explanation.text.toString();
  }

  private void condition() {
    text.append("in the kernel, for each object of ").append(plan.target().path()).append(":\n\n");
    if (plan.where().isEmpty()) {
      text.append("no condition: all are written\n\n");
      return;
    }
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"condition, the rest only while it can hold", "how it is read"});
    for (Value operand : readings.order(plan.where().get())) {
      Span span = operand.span();
      boolean known = span.end() <= plan.condition().length();
      String written =
          known ? plan.condition().substring(span.start(), span.end()) : plan.condition();
      rows.add(
          new String[] {"  " + onOneLine(written), words(readings.of(operand), helper(operand))});
    }
    text.append(Table.of(rows)).append('\n');
  }

  private void columns() {
    List<String[]> rows = new ArrayList<>();
    rows.add(new String[] {"column", "how it is read", "how it is shown, here"});
    for (Column column : plan.columns()) {
      String how = words(readings.of(column.cell()), helper(column.cell()));
      rows.add(new String[] {"  " + onOneLine(column.label()), how, shown(column.cell())});
    }
    text.append(Table.of(rows)).append('\n');
  }

  private static String words(Readings.Count count, String helper) {
    String words = "";
    if (count.direct() > 0) {
      words = count.direct() == 1 ? "1 direct load" : count.direct() + " direct loads";
    }
    if (count.probed() > 0) {
      String probes = count.probed() == 1 ? "1 probe read" : count.probed() + " probe reads";
      words += (words.isEmpty() ? "" : ", ") + probes + " (can be torn)";
    }
    if (!helper.isEmpty()) {
      words += (words.isEmpty() ? "" : ", ") + helper;
    }
    return words.isEmpty() ? "at hand" : words;
  }

  private static String helper(Cell cell) {
    return cell instanceof Cell.Characters characters ? helper(characters.text()) : "";
  }

  private static String helper(Value value) {
    return value instanceof Value.TextTest test ? helper(test.text()) : "";
  }

  private static String helper(Text text) {
    return switch (text) {
      case Text.PathOf _ -> "path by the kernel's d_path";
      case Text.SymbolAt _ -> "name by the kernel's kallsyms";
      case Text.CharArray _,
          Text.StringAt _,
          Text.Choice _,
          Text.Counted _,
          Text.Joined _,
          Text.Literal _ ->
          "";
    };
  }

  private static String shown(Cell cell) {
    return switch (cell) {
      case Cell.Scalar scalar -> word(scalar.shown());
      case Cell.Bytes bytes -> word(bytes.shown());
      case Cell.Address address ->
          address.shown() instanceof Shown.Ipv6 ? "IPv4 or IPv6 address" : word(address.shown());
      case Cell.Characters _ -> "text";
    };
  }

  private static String word(Shown shown) {
    return switch (shown) {
      case Shown.Decimal _ -> "decimal";
      case Shown.Hexadecimal _ -> "hexadecimal";
      case Shown.Truth _ -> "true or false";
      case Shown.Letter _ -> "a character";
      case Shown.Enumerators _ -> "name of the enumerator";
      case Shown.Flags _ -> "names of the bits";
      case Shown.Port _ -> "port, of network order";
      case Shown.Ipv4 _ -> "IPv4 address";
      case Shown.Ipv6 _ -> "IPv6 address";
      case Shown.User _ -> "name of the user, by /etc/passwd";
      case Shown.Duration _ -> "length of time";
      case Shown.Hexdump _ -> "bytes in hexadecimal";
    };
  }

  private void cost(int processed) {
    int bytes = 0;
    for (int chunk : layout.chunks()) {
      bytes += chunk;
    }
    text.append("a row has ").append(bytes).append(" bytes");
    if (layout.texts() > 0) {
      text.append(" and ").append(layout.texts()).append(" of any length");
    }
    text.append("; the program has ").append(program.code().size()).append(" instructions");
    if (processed > 0) {
      text.append("; the verifier went through ").append(processed);
      text.append(" of at most ").append(MOST);
    }
    text.append("\n\n");
  }

  private void code(Disassembler disassembler) {
    Code code = program.code();
    Btf btf = program.btf().orElseThrow();
    int line = 0;
    for (int slot = 0; slot < code.size(); ) {
      while (line < program.lines().size() && program.lines().get(line).slot() <= slot) {
        String source = btf.string(program.lines().get(line++).text());
        text.append("; ").append(Errors.visible(source)).append('\n');
      }
      Instruction instruction = Instruction.decode(code, slot);
      String number = Integer.toString(slot);
      text.repeat(' ', Math.max(0, 6 - number.length())).append(number).append(": ");
      text.append(disassembler.show(instruction)).append('\n');
      slot += instruction.slots();
    }
  }

  private static String onOneLine(String written) {
    return Errors.visible(written.strip().replaceAll("\\s+", " "));
  }
}
