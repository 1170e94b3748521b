// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.bpfdump.testkit.Bpffs;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The shells themselves are asked what they offer. */
class CompletionTest {
  @TempDir private Path dir;

  /** A shell that completes. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  @BeforeEach
  void files() throws IOException {
    Files.writeString(dir.resolve("bpfdump.bash"), BashCompletion.of(Main.ROOT));
    Files.writeString(dir.resolve("_bpfdump"), ZshCompletion.of(Main.ROOT));
    Files.writeString(dir.resolve("bpfdump.fish"), FishCompletion.of(Main.ROOT));
    Files.createDirectory(dir.resolve("objects"));
    Files.createFile(dir.resolve("objects/a b.o"));
    Files.createFile(dir.resolve("objects/c.o"));
    // What fish describes, it must first find; no test may start the command.
    Path command = Files.writeString(dir.resolve("bpfdump"), "#!/bin/sh\necho started >>started\n");
    assertThat(command.toFile().setExecutable(true)).isTrue();
  }

  /** What is offered for the last word of a line, sorted; what follows a tab describes it. */
  private List<String> offered(Shell shell, String... words) {
    List<String> line = new ArrayList<>();
    switch (shell) {
      case BASH -> {
        line.addAll(List.of("bash", "--norc", script("complete.bash"), dir + "/bpfdump.bash"));
        line.add("bpfdump");
        line.addAll(List.of(words));
      }
      case ZSH -> {
        Checkout.require("zsh");
        line.addAll(List.of("zsh", "-f", script("complete.zsh"), dir.toString()));
        line.add("bpfdump " + String.join(" ", words));
      }
      case FISH -> {
        Checkout.require("fish");
        line.addAll(List.of("fish", "--no-config", "-c"));
        line.add("source bpfdump.fish; complete -C \"bpfdump " + String.join(" ", words) + '"');
      }
    }
    String path = dir + ":" + System.getenv("PATH");
    Exec exec = Exec.of(line).in(dir).env("PATH", path).env("HOME", dir.toString());
    Exec.Result result = exec.timeout(Duration.ofMinutes(1)).run();
    assertThat(result.err()).isEmpty();
    assertThat(dir.resolve("started")).doesNotExist();
    return result.out().lines().map(l -> l.replaceFirst("\t.*", "")).distinct().sorted().toList();
  }

  private static String script(String name) {
    try {
      return Path.of(Objects.requireNonNull(CompletionTest.class.getResource(name)).toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  static Stream<Command> commands() {
    return Completion.commands(Main.ROOT).stream();
  }

  private static String[] words(Command command, String... more) {
    String[] name = command.name().split(" ");
    String[] words = Arrays.copyOfRange(name, 1, name.length + more.length);
    System.arraycopy(more, 0, words, name.length - 1, more.length);
    return words;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void bashKnowsEveryCommandAndOption(Command command) {
    knows(Shell.BASH, command);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void fishKnowsEveryCommandAndOption(Command command) {
    knows(Shell.FISH, command);
  }

  private void knows(Shell shell, Command command) {
    List<String> options = new ArrayList<>();
    for (Option option : Completion.options(command)) {
      options.addAll(List.of(option.names()));
    }
    List<String> offered = offered(shell, words(command, "-"));
    assertThat(offered).containsExactlyInAnyOrderElementsOf(options);
    if (command instanceof Command.Group group) {
      List<String> commands = group.commands().stream().map(Command::word).toList();
      assertThat(offered(shell, words(command, ""))).containsExactlyInAnyOrderElementsOf(commands);
    }
  }

  @Test
  void zshKnowsCommandsAndOptions() {
    assertThat(offered(Shell.ZSH, "")).contains("run", "dumper", "install");
    assertThat(offered(Shell.ZSH, "dumper", "show", "")).containsExactly("dumper", "target");
    assertThat(offered(Shell.ZSH, "-v", "dumper", "pin", "x.o", "--m"))
        .containsExactlyInAnyOrder("--map", "--mode");
    assertThat(offered(Shell.ZSH, "dumper", "show", "target", "--js")).containsExactly("--json");
  }

  @ParameterizedTest
  @EnumSource
  void aValueThatIsOneOfAFewIsOffered(Shell shell) {
    assertThat(offered(shell, "run", "x.o", "--order", "descendants_p"))
        .containsExactly("descendants_post", "descendants_pre");
    assertThat(offered(shell, "dumper", "pin", "--owner", "roo")).contains("root");
    assertThat(offered(shell, "run", "--receipt", "--pid", "")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void filesAreOfferedWhereOneIsMeant(Shell shell) {
    assertThat(offered(shell, "run", "objects/"))
        .map(offer -> offer.replaceFirst("^objects/?", ""))
        .contains("c.o");
    assertThat(offered(shell, "run", "--map", "objects/c"))
        .anyMatch(offer -> offer.endsWith("c.o"));
    assertThat(offered(shell, "install", "--prefix", "obj"))
        .anyMatch(offer -> offer.startsWith("objects"));
    assertThat(offered(shell, "dumper", "show", "target", "obj")).isEmpty();
  }

  @Test
  void bashTakesAnEqualsSignForAWordOfItsOwn() {
    assertThat(offered(Shell.BASH, "run", "--order", "=")).hasSize(5);
    assertThat(offered(Shell.BASH, "run", "--order", "=", "ch")).containsExactly("children");
    assertThat(offered(Shell.BASH, "run", "--order", "=", "children", "--rec"))
        .containsExactly("--receipt");
    assertThat(offered(Shell.BASH, "run", "--", "objects/c")).containsExactly("objects/c.o");
    assertThat(offered(Shell.BASH, "run", "x.o", "obj")).isEmpty();
  }

  @RequiresKernel
  @ParameterizedTest
  @EnumSource
  void targetsAndDumpersAreThoseOfTheTree(Shell shell) {
    try (Bpffs _ = Bpffs.open()) {
      String name = "completion_test";
      boolean first = !Files.exists(Bpffs.ROOT.resolve("bpfdump"));
      Bpfdump.run("dumper", "pin", Project.example("task").toString(), name).ok();
      try {
        assertThat(new TreeSet<>(offered(shell, "run", "--target", "task")))
            .containsExactly("task", "task/file", "task/vma");
        assertThat(offered(shell, "dumper", "rm", "task/comp")).containsExactly("task/" + name);
      } finally {
        Bpfdump.run("dumper", "rm", "task/" + name).ok();
        if (first) {
          Exec.of("rm", "-r", Bpffs.ROOT + "/bpfdump").run().ok();
        }
      }
    }
  }

  /** Lets the shells start the command. */
  private void startable() throws IOException {
    StringBuilder command = new StringBuilder("#!/bin/sh\nexec");
    for (String word : Bpfdump.command("")) {
      command.append(word.isEmpty() ? " \"$@\"" : " " + Completion.quoted(word));
    }
    Files.writeString(dir.resolve("bpfdump"), command.append('\n'));
  }

  @RequiresKernel
  @ParameterizedTest
  @EnumSource
  void fieldsAreThoseOfTheKernel(Shell shell) throws IOException {
    startable();
    assertThat(offered(shell, "dump", "task/file", "file.f_pa")).contains("file.f_path.");
    assertThat(offered(shell, "dump", "task/file", "file.f_path.dentry.d_in"))
        .contains("file.f_path.dentry.d_inode.");
    assertThat(offered(shell, "fields", "task/file", "fil"))
        .contains("file.")
        .doesNotContain("task.");
    assertThat(offered(shell, "dump", "task", "--where", "static_pr"))
        .containsExactly("static_prio");
    assertThat(offered(shell, "dump", "task", "pid,com")).contains("pid,comm");
    assertThat(offered(shell, "dump", "task", "no.such.fie")).isEmpty();
    assertThat(offered(shell, "dump", "nosuchtarget", "fie")).isEmpty();
  }

  @RequiresKernel
  @Test
  void fieldsAreOfferedInsideOfExpressions() throws IOException {
    startable();
    assertThat(offered(Shell.BASH, "dump", "task/file", "'path(file.f_pa"))
        .containsExactly("path(file.f_path.");
    assertThat(offered(Shell.BASH, "dump", "task/file", "p", "=", "file.f_pa"))
        .containsExactly("file.f_path.");
    assertThat(offered(Shell.BASH, "dump", "task", "--where", "'pid == 1 && static_pr"))
        .containsExactly("pid == 1 && static_prio");
    assertThat(offered(Shell.ZSH, "dump", "task/file", "'path(file.f_pa"))
        .containsExactly("path(file.f_path.");
    assertThat(offered(Shell.FISH, "dump", "task/file", "'path(file.f_pa"))
        .containsExactly("path(file.f_path.");
  }
}
