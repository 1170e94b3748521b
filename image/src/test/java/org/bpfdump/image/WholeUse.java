// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;

/**
 * Everything that users do with an image, from its opening to the end of dumps. Errors that are
 * documented are taken for answers; others come out.
 */
final class WholeUse {
  /** Bytes of one dump after which nobody reads on. */
  private static final long MOST = 16 << 20;

  private static final int MOST_READS = 1 << 16;

  private final Map<String, ProgramSpec> programs = new TreeMap<>();
  private final Consumer<String> after;

  /** How many steps gave an answer, and how many an error. */
  private int answers;

  private int errors;

  /**
   * A use.
   *
   * @param after is told the name of each step that is done
   */
  WholeUse(Consumer<String> after) {
    this.after = after;
    for (String name : TestImages.programs()) {
      try {
        programs.put(name, ObjectFile.read(TestImages.program(name)).program());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** The names of the programs, each that of its target. */
  List<String> programs() {
    return List.copyOf(programs.keySet());
  }

  int answers() {
    return answers;
  }

  int errors() {
    return errors;
  }

  /** Opens a kernel. */
  @FunctionalInterface
  interface Opener {
    ImageKernel open();
  }

  /** Uses a kernel that is to be opened, with some of the programs. */
  void of(Opener opener, List<String> chosen) {
    ImageKernel[] opened = new ImageKernel[1];
    step("open", () -> opened[0] = opener.open());
    if (opened[0] == null) {
      return;
    }
    try (ImageKernel kernel = opened[0]) {
      step("btf", kernel::btf);
      step("info", () -> assertThat(kernel.info().missing()).doesNotContainNull());
      step("log", () -> kernel.log().forEach(r -> assertThat(r.text()).isNotNull()));
      List<ImageNamespace> namespaces = new ArrayList<>();
      for (ImageNamespace.Kind kind : ImageNamespace.Kind.values()) {
        step("namespaces " + kind, () -> last(kernel.namespaces(kind), namespaces));
        step("namespace of 1 " + kind, () -> kernel.namespace(kind, 1));
      }
      step("targets", () -> assertThat(kernel.targets()).doesNotContainNull());
      for (String name : chosen) {
        ImageNamespace[] in =
            answers % 3 == 0 ? namespaces.toArray(new ImageNamespace[0]) : new ImageNamespace[0];
        step(name, () -> dump(kernel, programs.get(name), in));
      }
    }
  }

  private static void last(List<ImageNamespace> all, List<ImageNamespace> into) {
    if (!all.isEmpty()) {
      into.add(all.getLast());
    }
  }

  private void step(String name, Runnable step) {
    try {
      step.run();
      answers++;
    } catch (BpfdumpException e) {
      errors++;
      assertThat(e.getMessage()).as(name).isNotBlank();
    }
    after.accept(name);
  }

  private static void dump(ImageKernel kernel, ProgramSpec program, ImageNamespace... in) {
    try (ImageDumper dumper = kernel.load(program);
        ImageDump dump = dumper.openIn(in);
        Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(32 << 10);
      long all = 0;
      int reads = 0;
      for (long n = dump.read(into); n > 0; n = all < MOST ? dump.read(into) : 0) {
        all += n;
        assertThat(++reads).as("reads of %s", program.name()).isLessThan(MOST_READS);
      }
      assertThat(dump.receipt().bytes()).isEqualTo(all);
      dump.receipt().requireComplete();
    }
  }
}
