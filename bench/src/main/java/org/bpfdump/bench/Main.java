// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Measures rows and writes results; started by {@code bench/run}. */
final class Main {
  private static final List<String> ROWS =
      List.of("warm", "stream", "cold", "query", "compile", "dump", "image", "machine");

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    boolean quick = false;
    List<String> rows = new ArrayList<>();
    for (String argument : List.of(arguments).subList(2, arguments.length)) {
      if (argument.equals("--quick")) {
        quick = true;
      } else if (ROWS.contains(argument)) {
        rows.add(argument);
      } else {
        System.err.println("usage: bench/run [--quick] [ROW...]   rows: " + ROWS);
        System.exit(2);
      }
    }
    Setting setting = new Setting(Path.of(arguments[0]), Path.of(arguments[1]), quick);
    List<Outcome> outcomes = new ArrayList<>();
    for (String row : rows.isEmpty() ? ROWS : rows) {
      List<Outcome> measured =
          switch (row) {
            case "warm" -> Warm.run(setting);
            case "stream" -> Stream.run(setting);
            case "query" -> QueryRows.run(setting);
            case "compile" -> QueryCompile.run(setting);
            case "dump" -> QueryCold.run(setting);
            case "machine" -> MachineRow.run(setting);
            case "image" -> image(setting, !rows.isEmpty());
            default -> Cold.run(setting);
          };
      for (Outcome outcome : measured) {
        System.out.println(outcome.line());
        outcome.notes().forEach(note -> System.out.println("  " + note));
      }
      outcomes.addAll(measured);
    }
    if (rows.isEmpty() && !quick) {
      Path results = setting.root().resolve("bench", "RESULTS.md");
      Files.writeString(results, Results.markdown(outcomes));
      setting.progress("wrote " + results);
    } else {
      setting.progress("bench/RESULTS.md is written by a whole run only");
    }
  }

  /** Rows over an image, or none if there is no image, and none was asked for by name. */
  private static List<Outcome> image(Setting setting, boolean asked) throws IOException {
    List<LargeImage> images = LargeImage.find(setting);
    if (images.isEmpty()) {
      setting.progress(LargeImage.HOW);
      if (asked) {
        System.exit(1);
      }
      return List.of();
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (LargeImage image : images) {
      outcomes.addAll(ImageCold.run(setting, image));
      outcomes.addAll(ImageRows.run(setting, image));
    }
    return outcomes;
  }
}
