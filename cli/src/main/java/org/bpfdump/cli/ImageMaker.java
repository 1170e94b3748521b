// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.ImageTree;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.query.Query;
import org.bpfdump.query.TextFormat;
import org.bpfdump.spec.ProgramSpec;

/**
 * Makes dumpers of files that are written to an image's tree: what clang made, or the text of a
 * query. Options are words of {@code bpfdump dumper pin}.
 *
 * @param kernel the image
 */
record ImageMaker(ImageKernel kernel) implements ImageTree.Maker {
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  @Override
  public ImageTree.Made make(byte[] content, List<String> options, Target target) {
    List<String> words = new ArrayList<>(options);
    words.add("object");
    words.add("name");
    Arguments arguments = Syntax.parse(new PinCommand(), words);
    Parameter parameter = ParameterOptions.parse(arguments);
    List<String> facts = new ArrayList<>();
    facts.add("target=" + target.path());
    Dumper dumper =
        isElf(content)
            ? program(content, arguments, target, parameter)
            : query(content, arguments, target, parameter, facts);
    facts.add("prog_name=" + dumper.name());
    if (!(parameter instanceof Parameter.None)) {
      facts.add("parameter=" + String.join(" ", parameters(options)));
    }
    return new ImageTree.Made(dumper, facts);
  }

  private static boolean isElf(byte[] content) {
    for (int i = 0; i < ELF.length; i++) {
      if (i >= content.length || content[i] != ELF[i]) {
        return false;
      }
    }
    return true;
  }

  private Dumper program(byte[] content, Arguments arguments, Target target, Parameter parameter) {
    ObjectFile object = ObjectFile.parse("object", content);
    String name = arguments.value("--program");
    ProgramSpec program = name == null ? object.program() : object.program(name);
    ProgramSpec mine = Programs.forTarget(program, arguments, kernel);
    if (!mine.target().map(target.name()::equals).orElse(true)) {
      throw new RequestException(
          "a program for " + mine.target().get() + " is no dumper of " + target.path());
    }
    return kernel.load(mine.withTarget(target.name()), parameter);
  }

  private Dumper query(
      byte[] content, Arguments arguments, Target target, Parameter parameter, List<String> facts) {
    String text = new String(content, StandardCharsets.UTF_8).strip();
    Query query = Query.parse(text);
    if (!kernel.target(query.target()).name().equals(target.name())) {
      throw new RequestException(
          "a query of " + query.target() + " is no dumper of " + target.path());
    }
    facts.add("query=" + text.replace('\n', ' '));
    TextFormat format =
        "tsv".equals(arguments.value("--format")) ? TextFormat.TAB_SEPARATED : TextFormat.TABLE;
    return query.loadText(format, kernel, program -> kernel.load(program, parameter));
  }

  /** The words that say what of a target to walk, as they were written. */
  private static List<String> parameters(List<String> options) {
    List<String> words = new ArrayList<>();
    for (int i = 0; i + 1 < options.size(); i += 2) {
      for (Option option : ParameterOptions.OPTIONS) {
        if (option.name().equals(options.get(i))) {
          words.add(option.name().substring(2).toLowerCase(Locale.ROOT));
          words.add(options.get(i + 1));
        }
      }
    }
    return words;
  }
}
