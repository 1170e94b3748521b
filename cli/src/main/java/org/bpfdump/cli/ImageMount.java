// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.FuseConnection;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.ImageTree;
import org.bpfdump.live.FuseMount;

/** {@code bpfdump --image FILE mount DIR}: a process that serves the image's dumpers as files. */
final class ImageMount {
  static final Option FOREGROUND =
      Option.flag("--foreground", "of an image: stay, and serve the mount until it is gone");

  /** What the process in the background says when the mount is there. */
  private static final String READY = "mounted";

  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
  private static final Path SETSID = Path.of("/usr/bin/setsid");

  private ImageMount() {}

  static int run(Arguments arguments, Session session) throws IOException {
    Path dir = Path.of(arguments.operand());
    if (!arguments.has(FOREGROUND.name())) {
      background(session);
      return ExitCode.OK;
    }
    try (ImageKernel kernel = ImageOptions.image(arguments, session);
        ImageTree tree = new ImageTree(kernel, new ImageMaker(kernel));
        FuseMount mount = FuseMount.at(dir, ImageDumpers.source(arguments))) {
      session.out().print(READY + "\n");
      tree.serve(
          new FuseConnection() {
            @Override
            public int read(MemorySegment into) {
              return mount.read(into);
            }

            @Override
            public void write(MemorySegment answer) {
              mount.write(answer);
            }
          });
    }
    return ExitCode.OK;
  }

  /** Starts this command once more, which stays, and waits until it serves. */
  private static void background(Session session) throws IOException {
    List<String> words = new ArrayList<>();
    if (Files.isExecutable(SETSID)) {
      words.add(SETSID.toString()); // so that it outlives the terminal
    }
    // Not by ProcessHandle, which leaves long command lines out.
    words.addAll(List.of(Files.readString(COMMAND_LINE).split("\0")));
    words.add(FOREGROUND.name());
    Process process =
        new ProcessBuilder(words)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .start();
    try (BufferedReader out =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        BufferedReader err =
            new BufferedReader(
                new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
      if (READY.equals(out.readLine())) {
        return;
      }
      StringBuilder message = new StringBuilder();
      err.lines().forEach(line -> message.append(line).append('\n'));
      session.err().print(message);
      throw new RequestException("the process that was to serve the mount has ended");
    }
  }
}
