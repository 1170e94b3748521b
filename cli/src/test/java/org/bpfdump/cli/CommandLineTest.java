// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.error.Nearest;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class CommandLineTest {
  static Stream<Command> commands() {
    List<Command> all = new ArrayList<>();
    collect(Main.ROOT, all);
    return all.stream();
  }

  private static void collect(Command command, List<Command> into) {
    into.add(command);
    if (command instanceof Command.Group group) {
      group.commands().forEach(child -> collect(child, into));
    }
  }

  private static String[] words(Command command, String... more) {
    List<String> words = new ArrayList<>(List.of(command.name().split(" ")));
    words.removeFirst();
    words.addAll(List.of(more));
    return words.toArray(new String[0]);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelpThatFitsAScreen(Command command) {
    Cli help = Cli.run(words(command, "--help"));

    assertThat(help.status()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).startsWith("usage: " + command.name() + " ").contains("--verbose");
    assertThat(help.out().lines()).allMatch(line -> line.length() <= 110).hasSizeLessThan(36);
    assertThat(Cli.run(words(command, "-v", "-h")).out()).isEqualTo(help.out());
    if (command instanceof Command.Action action) {
      assertThat(action.options()).allMatch(option -> help.out().contains(option.name() + " "));
      assertThat(Cli.run(words(Main.ROOT, "--help")).out()).contains(action.summary());
    }
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aCommandKnowsOneWordMoreThanItsGroup(Command command) {
    assertThat(command.name().split(" "))
        .hasSizeLessThanOrEqualTo(4)
        .allMatch(word -> word.equals("bpfdump") || word.matches("[a-z]+"));
    if (command instanceof Command.Group group) {
      assertThat(group.commands())
          .allMatch(child -> child.name().equals(group.name() + " " + Command.word(child)));
    }
  }

  @Test
  void theVersionIsThatOfTheBuild() throws IOException {
    String pom = Files.readString(Project.root().resolve("cli/pom.xml"));

    Cli version = Cli.run("--version");

    assertThat(version.status()).isZero();
    assertThat(version.out()).isEqualTo("bpfdump " + Main.VERSION + "\n");
    assertThat(pom).containsPattern("<version>" + Main.VERSION + "(-SNAPSHOT)?</version>");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                          | what to do is missing: COMMANDS
          -v                          | what to do is missing: COMMANDS
          dumper                      | what to do is missing: pin, show, rm
          dumper show                 | what to do is missing: target, dumper
          rnu x.o                     | unknown command rnu: did you mean run?
          dumpr show target           | unknown command dumpr: did you mean dump or dumper?
          dumper show targets         | unknown command targets: did you mean target?
          frobnicate                  | unknown command frobnicate: there is COMMANDS
          --verbos run x.o            | unknown option --verbos: did you mean --verbose?
          --json dumper show target   | unknown option --json: it may follow a command
          run                         | missing OBJECT: an iterator program compiled by clang -target bpf -g
          run -v                      | missing OBJECT: an iterator program compiled by clang -target bpf -g
          run x.o y.o                 | one argument too many: y.o
          dumper show target x        | one argument too many: x
          dumper show dumper x        | one argument too many: x
          fd x                        | PID is a number from 1, not x
          fd 0                        | PID is a number from 1, not 0
          fd 1 2                      | one argument too many: 2
          dumper rm                   | missing NAME: a dumper's path in the tree, or its name if only one has it
          dumper pin x.o              | missing NAME: a name in the target's directory, f1, or its path: task/file/f1
          dumper pin x.o f g          | one argument too many: g
          dumper pin x.o f --mode rw  | --mode takes octal digits, as in 0440, not rw
          dumper pin x.o f --replace --mode 0444 | --replace keeps everything but the program: leave out --mode
          dumper pin x.o f --replace --tid 4 | --replace keeps everything but the program: leave out --tid
          run x.o --tdi 4             | unknown option --tdi: did you mean --tid?
          run x.o --rec               | unknown option --rec: did you mean --receipt?
          run x.o --qqqqqqqqqq        | unknown option --qqqqqqqqqq
          run x.o -q                  | unknown option -q
          run x.o --program           | --program needs a value: --program NAME
          run --program --tid 4 x.o   | --program needs a value: --program NAME
          run x.o --tid 4 --tid 5     | --tid is given twice
          run x.o --tid 4 --pid 5     | --tid and --pid exclude each other
          run x.o --netns 1 --all-netns | --netns and --all-netns exclude each other
          run x.o --pidns 1 --pidfd 5 | --pidns and --pidfd exclude each other; give the process by --pid
          cat                         | missing NAME: a dumper's path in the tree, or its name if only one has it; or a path from / or .
          cat x --all-netns --netns 1 | --netns and --all-netns exclude each other
          run x.o --netns             | '--netns needs a value: --netns NAME|PID|PATH'
          """)
  void aWrongCommandLineIsExplained(String line, String message) {
    Cli wrong = Cli.run(line.isEmpty() ? new String[0] : line.split(" +"));

    assertThat(wrong.status()).isEqualTo(2);
    assertThat(wrong.out()).isEmpty();
    String all = String.join(", ", Main.ROOT.commands().stream().map(Command::word).toList());
    assertThat(wrong.err())
        .startsWith("bpfdump: " + message.replace("COMMANDS", all) + "\nusage: bpfdump ");
  }

  @Test
  void anOptionMayBeWrittenInBothWaysAndAnOperandAfterTwoDashes() {
    Cli absent = Cli.run("run", "--program=x", "-v", "--", "--no-such-file");

    assertThat(absent.status()).isEqualTo(1);
    assertThat(absent.err()).startsWith("bpfdump: cannot read --no-such-file: no such file");
  }

  @ParameterizedTest
  @CsvSource({
    "tset, test, 1",
    "test, test, 0",
    "tes, test, 0",
    "te, test, 2",
    "kitten, sitting, 3",
    "'', abc, 3",
    "abc, '', 3"
  })
  void distanceCountsSlipsOfTheFinger(String word, String name, int distance) {
    assertThat(Nearest.distance(word, name)).isEqualTo(distance);
  }
}
