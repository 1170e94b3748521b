// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is so. */
class ReadmeTest {
  private static final Path ROOT = Project.root();

  @TempDir private Path dir;

  private static List<String> blocks(String language) throws IOException {
    List<String> blocks = new ArrayList<>();
    Matcher m =
        Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
            .matcher(Files.readString(ROOT.resolve("README.md")));
    while (m.find()) {
      blocks.add(m.group(1));
    }
    return blocks;
  }

  @RequiresKernel
  @Test
  void everyCommandDoesWhatItIsSaidToDo() throws IOException {
    int commands = 0;
    for (String block : blocks("sh")) {
      for (String line : block.lines().filter(l -> l.startsWith("./bpfdump ")).toList()) {
        String command =
            line.replaceFirst("\\./bpfdump ", Matcher.quoteReplacement(Bpfdump.shell()));
        Exec.Result result = Exec.sh(command).in(ROOT).run().ok();
        assertThat(result.out()).as(line).isNotEmpty();
        assertThat(result.err().isEmpty()).as(line).isEqualTo(!line.contains("--receipt"));
        commands++;
      }
    }
    assertThat(commands).isGreaterThan(4);
  }

  @RequiresKernel
  @Test
  void theSampleLooksLikeTheOutput() throws IOException {
    String sample = blocks("text").getFirst();
    String real = Bpfdump.run("run", Project.example("task_file").toString()).ok().out();

    assertThat(real.lines().findFirst()).isEqualTo(sample.lines().findFirst());
    assertThat(real.lines().skip(1))
        .allMatch(line -> line.matches("[ 0-9]{8} [ 0-9]{8} [ 0-9]{8} [0-9a-f]+"));
  }

  @RequiresKernel
  @Test
  void theJavaExampleRuns() throws IOException {
    Exec.Result ran = example(blocks("java").getFirst());

    assertThat(ran.out()).startsWith("    tgid      gid\n").endsWith(" retries, complete\n");
    assertThat(ran.err()).isEmpty();
  }

  @RequiresKernel
  @Test
  void theJavaExampleOfAQueryRuns() throws IOException {
    Exec.Result ran = example(blocks("java").get(1));

    long self = ProcessHandle.current().pid();
    assertThat(ran.out().lines())
        .isNotEmpty()
        .allMatch(line -> line.startsWith("OpenFile[tgid="))
        .anyMatch(line -> line.startsWith("OpenFile[tgid=" + self + ", comm="));
    assertThat(ran.err()).isEmpty();
  }

  /** Compiles and runs what stands in the README. */
  private Exec.Result example(String example) throws IOException {
    Path source =
        Files.writeString(
            dir.resolve("Example.java"),
            """
            import java.nio.file.Path;
            import org.bpfdump.kernel.*;
            import org.bpfdump.live.LiveKernel;
            import org.bpfdump.obj.ObjectFile;
            import org.bpfdump.query.*;

            class Example {
              public static void main(String[] args) throws Exception {
                %s
              }
            }
            """
                .formatted(example));
    Files.copy(Project.example("task"), dir.resolve("task.bpf.o"));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    List<String> options = List.of("-d", dir.toString(), "-cp", Bpfdump.modulePath());
    try (var files = compiler.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjects(source);
      boolean compiled = compiler.getTask(messages, files, null, options, null, units).call();
      assertThat(compiled).as(messages.toString()).isTrue();
    }

    return Exec.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            dir + ":" + Bpfdump.modulePath(),
            "Example")
        .in(dir)
        .run()
        .ok();
  }

  @Test
  void theJavaExampleIsThatOfTheLibrary() throws IOException {
    Path documented = Path.of("core/src/main/java/org/bpfdump/kernel/package-info.java");
    String javadoc = Files.readString(ROOT.resolve(documented)).replaceAll("(?m)^ \\* ?", "");

    assertThat(javadoc).contains(blocks("java").getFirst());
  }

  @Test
  void everyLinkLeadsSomewhere() throws IOException {
    for (String page : List.of("README.md", "docs/queries.md", "docs/dumpers.md")) {
      Path file = ROOT.resolve(page);
      Matcher links = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)").matcher(Files.readString(file));
      while (links.find()) {
        assertThat(file.resolveSibling(links.group(1))).exists();
      }
    }
  }

  @Test
  void theExitCodesAreThoseOfTheProgram() throws IOException {
    assertThat(Files.readString(ROOT.resolve("README.md")))
        .contains("| " + ExitCode.OK + " | done")
        .contains("| " + ExitCode.FAILED + " | failed")
        .contains("| " + ExitCode.USAGE + " | the command line, or a query in it, is wrong")
        .contains("| " + ExitCode.INCOMPLETE + " | the dump could not be read to its end")
        .contains("; " + ExitCode.BROKEN_PIPE + " when the reader");
  }
}
