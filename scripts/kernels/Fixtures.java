// SPDX-License-Identifier: Apache-2.0
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Fixture;

/**
 * Runs every fixture in a guest of scripts/test-kernels: one that this kernel is new enough for must
 * do what the head of its source says, any other must load all the same or be refused in one line.
 * Prints a line for each. Argument: the file with the kernel's configuration.
 */
final class Fixtures {
  /** It compiles for -mcpu=v4, and so for kernels from 6.6 on. */
  private static final String NEWEST_COMPILER = "clang-22";

  private static final String NEWEST_INSTRUCTIONS = "6.6";

  private Fixtures() {}

  public static void main(String[] arguments) throws IOException {
    List<String> config = Files.readAllLines(Path.of(arguments[0]));
    for (Fixture fixture : Fixture.all()) {
      if (fixture.value("against").isPresent() || fixture.expect().equals("btf")) {
        continue;
      }
      boolean loads =
          fixture.expect().equals("load")
              || fixture.value("unless").filter(o -> config.contains(o + "=y")).isPresent();
      String needs = fixture.value("needs").orElse("5.8");
      if (fixture.compiler().equals(NEWEST_COMPILER) && !isNewer(needs, NEWEST_INSTRUCTIONS)) {
        needs = NEWEST_INSTRUCTIONS;
      }
      boolean old = isNewer(needs, System.getProperty("os.version"));
      String wrong;
      String said = "";
      try {
        List<String> lines = run(fixture);
        said = old ? " (although it needs " + needs + ")" : "";
        wrong =
            old || (loads && lines.containsAll(fixture.values("output")))
                ? ""
                : loads ? "printed " + lines : "loaded, expected: " + fixture.expect();
      } catch (BpfdumpException e) {
        said = ": " + e.getMessage();
        wrong =
            e.getMessage().contains("\n") || Character.isUpperCase(e.getMessage().charAt(0))
                ? "is not one line"
                : loads && !old ? "refused" : "";
      } catch (RuntimeException e) {
        wrong = e.toString();
      } finally {
        for (String pin : fixture.values("pins")) {
          Files.deleteIfExists(Path.of("/sys/fs/bpf", pin));
        }
      }
      System.out.println(
          wrong.isEmpty()
              ? "ok fixture " + fixture + said
              : "not ok fixture " + fixture + ": " + wrong + said);
      System.out.flush();
    }
  }

  private static List<String> run(Fixture fixture) throws IOException {
    ObjectFile object = ObjectFile.read(fixture.object());
    ProgramSpec program =
        fixture.value("program").isPresent()
            ? object.program(fixture.value("program").get())
            : object.program();
    if (fixture.value("target").isPresent()) {
      program = program.withTarget(fixture.value("target").get());
    }
    Parameter parameter =
        fixture.value("map-param").isPresent()
            ? new Parameter.MapName(fixture.value("map-param").get())
            : new Parameter.None();
    try (LiveKernel kernel = LiveKernel.open();
        Dumper dumper = kernel.load(program, parameter);
        Dump dump = dumper.open()) {
      return dump.lines().toList();
    }
  }

  /** Whether the first version is newer: of 6.12 and 6.1.0-56-cloud-amd64 it is. */
  private static boolean isNewer(String version, String than) {
    String[] left = version.split("[^0-9]+");
    String[] right = than.split("[^0-9]+");
    int major = Integer.compare(Integer.parseInt(left[0]), Integer.parseInt(right[0]));
    return major != 0 ? major > 0 : Integer.parseInt(left[1]) > Integer.parseInt(right[1]);
  }
}
