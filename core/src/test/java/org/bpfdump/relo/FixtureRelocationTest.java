// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.SoftAssertions;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.RelocationException;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;
import org.bpfdump.testkit.Fixture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What compilers make of CO-RE, against types made for the purpose: the fixtures say what comes.
 */
class FixtureRelocationTest {
  static List<Fixture> fixtures() {
    return Fixture.all().stream().filter(f -> !f.values("relo").isEmpty()).toList();
  }

  /** The object whose types are the kernel's for a fixture. */
  static Path kernelOf(Fixture fixture) {
    return fixture.object().resolveSibling(fixture.value("against").orElseThrow() + ".bpf.o");
  }

  @ParameterizedTest
  @MethodSource("fixtures")
  void relocationsGiveWhatTheFixtureSays(Fixture fixture) throws IOException {
    ProgramSpec program = ObjectFile.read(fixture.object()).program();
    Btf local = program.btf().orElseThrow();
    Btf kernel = ObjectFile.read(kernelOf(fixture)).btf().orElseThrow();
    CoreRelocator relocator = new CoreRelocator(local, kernel, List::of);

    Map<String, String> results = new HashMap<>();
    for (Relocation relocation : program.relocations()) {
      if (relocation instanceof Relocation.Core(int slot, CoreRelocation core)) {
        String key = number(core.kind()) + " " + local.name(core.type()) + " " + core.access();
        String result = result(program, relocator, slot, core);
        results.merge(key, result, (a, b) -> a.equals(b) ? a : a + " and " + b);
      }
    }

    SoftAssertions softly = new SoftAssertions();
    for (String line : fixture.values("relo")) {
      int equals = line.indexOf(" = ");
      softly
          .assertThat(results.get(line.substring(0, equals)))
          .as(line)
          .isEqualTo(line.substring(equals + 3));
    }
    softly.assertAll();
    assertThat(results).isNotEmpty();
  }

  /** The kernel's number of a kind. */
  private static int number(CoreRelocation.Kind kind) {
    return List.of(CoreRelocation.Kind.values()).indexOf(kind);
  }

  private static String result(
      ProgramSpec program, CoreRelocator relocator, int slot, CoreRelocation relocation) {
    long[] slots = program.code().toArray();
    try {
      if (!relocator.apply(program.name(), slots, slot, relocation)) {
        return "poison";
      }
    } catch (RelocationException e) {
      return e.getMessage().contains("disagree") ? "ambiguous" : "error";
    }
    long value =
        switch (Code.opcode(slots[slot]) & 7) {
          case 0 ->
              Integer.toUnsignedLong(Code.immediate(slots[slot]))
                  | (long) Code.immediate(slots[slot + 1]) << 32;
          case 1, 2, 3 -> Code.offset(slots[slot]);
          default -> Code.immediate(slots[slot]);
        };
    boolean id =
        relocation.kind() == CoreRelocation.Kind.TYPE_ID_LOCAL
            || relocation.kind() == CoreRelocation.Kind.TYPE_ID_TARGET;
    return id && value != 0 ? "id" : Long.toUnsignedString(value);
  }
}
