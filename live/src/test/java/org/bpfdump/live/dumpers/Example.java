// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveDump;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.Project;

/** A dumper of {@code examples/}, loaded into the running kernel. */
final class Example implements AutoCloseable {
  /** Tables change while they are read, and then they are read again. */
  private static final int ATTEMPTS = 10;

  private final LiveKernel kernel;
  private final LiveDumper dumper;

  private Example(LiveKernel kernel, LiveDumper dumper) {
    this.kernel = kernel;
    this.dumper = dumper;
  }

  static Example load(String name) throws IOException {
    return load(name, new Parameter.None());
  }

  static Example load(String name, Parameter parameter) throws IOException {
    LiveKernel kernel = LiveKernel.open();
    try {
      ObjectFile object = ObjectFile.read(Project.example(name));
      return new Example(kernel, kernel.load(object.program(), parameter));
    } catch (RuntimeException e) {
      kernel.close();
      throw e;
    }
  }

  LiveDumper dumper() {
    return dumper;
  }

  /** A pass opened in the namespace. */
  LiveDump open(NetworkNamespace namespace) {
    return namespace.inside(dumper::open);
  }

  /** All that a whole pass writes. */
  String text() throws IOException {
    try (Dump dump = dumper.open()) {
      return rest(dump);
    }
  }

  /** The same of a pass opened in the namespace. */
  String text(NetworkNamespace namespace) throws IOException {
    try (Dump dump = open(namespace)) {
      return rest(dump);
    }
  }

  /** The same of a pass opened from here. */
  String textIn(org.bpfdump.live.NetworkNamespace namespace) throws IOException {
    try (Dump dump = dumper.openIn(namespace)) {
      return rest(dump);
    }
  }

  /** The rows of a whole pass, after its heading. */
  List<String> rows(String heading) throws IOException {
    List<String> lines = text().lines().toList();
    assertThat(lines).as("heading").startsWith(heading);
    return lines.subList(1, lines.size());
  }

  /** All that a pass has not been read of, which must be complete. */
  static String rest(Dump dump) throws IOException {
    String text = new String(dump.stream().readAllBytes(), StandardCharsets.UTF_8);
    dump.receipt().requireComplete();
    return text;
  }

  /**
   * Requires that a pass in the namespace writes exactly what its file of {@code /proc/net} has.
   *
   * @return that text, for the test to see that what it made is there
   */
  String sameAsProc(NetworkNamespace namespace, String file) throws IOException {
    for (int attempt = 1; ; attempt++) {
      String proc = namespace.proc(file);
      String dump = text(namespace);
      if (dump.equals(proc) || attempt == ATTEMPTS) {
        assertThat(dump).as("the dump, as /proc/net/" + file).isEqualTo(proc);
        return dump;
      }
    }
  }

  @Override
  public void close() {
    dumper.close();
    kernel.close();
  }
}
