// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.testkit.Exec;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManPageTest {
  @TempDir private Path dir;

  @BeforeEach
  void pages() throws IOException {
    Files.writeString(dir.resolve("bpfdump.8"), ManPage.command());
    Files.writeString(dir.resolve("mount.bpfdump.8"), ManPage.mountHelper());
  }

  @Test
  void neitherFormatterComplains() {
    Checkout.require("mandoc");
    Checkout.require("groff");
    for (String page : List.of("bpfdump.8", "mount.bpfdump.8")) {
      for (String check : List.of("mandoc -Tlint -Wwarning", "groff -ww -man -Tutf8 -z")) {
        Exec.Result result = Exec.sh(check + " " + page + " 2>&1").in(dir).run();
        assertThat(result.out()).as(check).isEmpty();
        assertThat(result.exitCode()).as(check).isZero();
      }
    }
  }

  @Test
  void everyCommandOptionAndOperandIsThere() {
    Checkout.require("mandoc");
    String page = Exec.of("mandoc", "-Tascii", "-Owidth=200", "bpfdump.8").in(dir).run().ok().out();
    String text = page.replaceAll(".\b", "");

    for (Command command : Completion.commands(Main.ROOT)) {
      if (command instanceof Command.Action action) {
        assertThat(text).contains("\n   " + action.name() + "\n");
        assertThat(text).contains(action.name() + " " + action.synopsis().getFirst());
        assertThat(text).contains(action.summary());
        assertThat(action.operands()).allMatch(o -> text.contains(o.description()));
      }
      for (Option option : Completion.options(command)) {
        assertThat(text)
            .contains("  " + String.join(", ", option.names()))
            .contains(option.value());
        assertThat(text).contains(option.description());
      }
    }
    assertThat(text).doesNotContain("@").contains("bpfdump " + Main.VERSION);
  }
}
