// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * After a million objects for which a program writes nothing, the kernel says "ask again"; a query
 * does, and loses nothing. The program writes once, at the first object, so that the kernel says so
 * after two million.
 */
@RequiresKernel
class MillionsOfFilesTest {
  private static final int FILES = 2_080_000;

  @TempDir private static Path directory;
  private static Process holder;
  private static int children;
  private static int last;

  record Open(@Field("task.tgid") int tgid, int fd) {}

  @BeforeAll
  static void hold() throws IOException {
    Path source = Project.root().resolve("query/src/test/resources/stress/many_files.c");
    String program = directory.resolve("many_files").toString();
    Exec.of("gcc", "-O2", "-o", program, source.toString()).run().ok();
    holder =
        new ProcessBuilder(program, Integer.toString(FILES))
            .redirectError(Redirect.INHERIT)
            .start();
    BufferedReader out = holder.inputReader();
    children = Integer.parseInt(out.readLine());
    last = Integer.parseInt(out.readLine());
  }

  @AfterAll
  static void release() throws IOException, InterruptedException {
    holder.getOutputStream().close();
    if (!holder.waitFor(10, TimeUnit.SECONDS)) {
      holder.destroyForcibly().waitFor();
    }
    holder.getInputStream().close();
  }

  @Test
  void aConditionThatNothingMatchesEndsComplete() {
    try (LiveKernel kernel = LiveKernel.open();
        Rows<Open> files =
            Query.of("task/file", Open.class).where("file == NULL").on(kernel).rows()) {
      assertThat(files).isEmpty();
      QueryReceipt receipt = files.receipt().requireComplete();
      assertThat(receipt.visited().orElseThrow()).isGreaterThanOrEqualTo(FILES);
      assertThat(receipt.retries()).isPositive();
      assertThat(receipt.written()).isZero();
    }
  }

  @Test
  void theLastOfAMillionAreFoundOnce() {
    Set<Integer> found = new HashSet<>();
    try (LiveKernel kernel = LiveKernel.open();
        Rows<Open> files =
            Query.of("task/file", Open.class)
                .where("task.real_parent.tgid == " + holder.pid())
                .where("fd == " + last)
                .on(kernel)
                .rows()) {
      for (Open file : files) {
        assertThat(found.add(file.tgid())).as("once " + file).isTrue();
      }
      files.receipt().requireComplete();
    }
    assertThat(found).hasSize(children);
  }
}
