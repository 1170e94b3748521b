// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import com.fasterxml.jackson.core.JsonFactory;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.cli.DefaultParser;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.kernel.Kernel;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.Query;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.tukaani.xz.XZInputStream;

/** The command as a process of its own, from the modules as they were built. */
final class Bpfdump {
  private static final Class<?>[] IN_EACH_MODULE = {
    Main.class,
    Kernel.class,
    LiveKernel.class,
    ImageKernel.class,
    Query.class,
    DefaultParser.class,
    JsonFactory.class,
    CsvWriter.class,
    XZInputStream.class
  };

  private Bpfdump() {}

  /** The words of a command line that runs it. */
  static List<String> command(String... args) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.add("-XX:+UseSerialGC");
    words.add("-XX:TieredStopAtLevel=1");
    words.add("-Xmx256m");
    words.add("--enable-native-access=org.bpfdump.live");
    words.add("-p");
    words.add(modulePath());
    words.add("-m");
    words.add("org.bpfdump.cli/org.bpfdump.cli.Main");
    words.addAll(List.of(args));
    return words;
  }

  /** The same for a shell. */
  static String shell(String... args) {
    StringBuilder line = new StringBuilder();
    for (String word : command(args)) {
      line.append('\'').append(word.replace("'", "'\\''")).append("' ");
    }
    return line.toString();
  }

  /** Runs it to its end. */
  static Exec.Result run(String... args) {
    return Exec.of(command(args)).run();
  }

  /** Runs it by another program, {@code unshare -m ...}. */
  static Exec.Result runBy(List<String> first, String... args) {
    List<String> words = new ArrayList<>(first);
    words.addAll(command(args));
    return Exec.of(words).run();
  }

  /** Runs it without privilege. */
  static Exec.Result runAsNobody(String... args) {
    // Nobody may look into a home directory, where the modules can be: they stay readable.
    return runBy(
        List.of(
            "setpriv",
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=-all,+dac_read_search",
            "--ambient-caps=-all,+dac_read_search"),
        args);
  }

  /** Where the modules are: ours, and those they need. */
  static String modulePath() {
    StringBuilder path = new StringBuilder();
    for (Class<?> c : IN_EACH_MODULE) {
      try {
        Path place = Path.of(c.getProtectionDomain().getCodeSource().getLocation().toURI());
        path.append(path.isEmpty() ? "" : File.pathSeparator).append(place);
      } catch (URISyntaxException e) {
        throw new AssertionError(e);
      }
    }
    return path.toString();
  }

  /** The object of a fixture. */
  static String fixture(String name) {
    return Project.fixtures().resolve("clang-14/" + name + ".bpf.o").toString();
  }
}
