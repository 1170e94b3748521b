// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.IncompleteException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.ProgramException;
import org.bpfdump.error.QueryException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Fixture;

/**
 * Everything that users do with an image, from its opening to the end of dumps. Errors that are
 * documented are taken for answers; others come out.
 */
final class WholeUse {
  /** Bytes of one dump after which nobody reads on. */
  private static final long MOST = 16 << 20;

  private static final int MOST_READS = 1 << 16;

  /** Maps that the guests made, of all kinds that can be walked. */
  private static final List<String> MAPS =
      List.of("w_hash", "w_array", "w_lru", "w_pcpu_arr", "w_pcpu_hash");

  /** Targets that none of the guests' own programs is for; the first one takes a map. */
  private static final List<String> OTHERS =
      List.of("bpf_map_elem", "cgroup", "kmem_cache", "dmabuf", "ksym");

  private record Program(ProgramSpec spec, Parameter parameter) {}

  private final Map<String, Program> programs = new TreeMap<>();
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
      programs.put(name, new Program(read(TestImages.program(name)), new Parameter.None()));
    }
    for (Fixture fixture : Fixture.all()) {
      if (fixture.compiler().equals("clang-14") && fixture.name().startsWith("target_")) {
        String target = fixture.name().substring("target_".length());
        if (target.equals(OTHERS.getFirst())) {
          ProgramSpec spec = read(fixture.object());
          MAPS.forEach(map -> programs.put(map, new Program(spec, new Parameter.MapName(map))));
        } else if (OTHERS.contains(target)) {
          programs.put(target, new Program(read(fixture.object()), new Parameter.None()));
        }
      }
    }
  }

  private static ProgramSpec read(Path object) {
    try {
      return ObjectFile.read(object).program();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The names of the programs for targets that a kernel has. */
  List<String> programs(ImageKernel kernel) {
    return programs.keySet().stream()
        .filter(name ->
            MAPS.contains(name) || kernel.targets().stream().anyMatch(t -> t.name().equals(name)))
        .toList();
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

  /**
   * Uses a kernel that is to be opened, with some of the programs.
   *
   * @param inner whether to dump as seen from the last namespaces that there are
   */
  void of(Opener opener, List<String> chosen, boolean inner) {
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
      ImageNamespace[] in =
          inner ? namespaces.toArray(ImageNamespace[]::new) : new ImageNamespace[0];
      for (String name : chosen) {
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
      assertThat(e.getMessage()).as(name).isNotBlank().doesNotContain("\n", "null");
      assertThat(isDocumented(e, name)).as("%s: %s", name, e).isTrue();
    }
    after.accept(name);
  }

  private static boolean isDocumented(BpfdumpException e, String step) {
    return switch (e) {
      case MalformedException _, UnsupportedException _, RequestException _ -> true;
      case MemoryFaultException _ -> !step.equals("open");
      case ProgramException _, RelocationException _, IncompleteException _ ->
          !step.equals("open") && !step.equals("btf") && !step.equals("info");
      case QueryException _, VerifierException _, SyscallException _ -> false;
    };
  }

  private static void dump(ImageKernel kernel, Program program, ImageNamespace... in) {
    try (ImageDumper dumper = kernel.load(program.spec, program.parameter);
        ImageDump dump = dumper.openIn(in);
        Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(32 << 10);
      long all = 0;
      int reads = 0;
      for (long n = dump.read(into); n > 0; n = all < MOST ? dump.read(into) : 0) {
        all += n;
        assertThat(++reads).as("reads of %s", program.spec.name()).isLessThan(MOST_READS);
      }
      assertThat(dump.receipt().bytes()).isEqualTo(all);
      dump.receipt().requireComplete();
    }
  }
}
