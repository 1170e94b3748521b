// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Wide;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Fixture;
import org.junit.jupiter.api.Test;

/**
 * Every program of the fixtures, by every compiler, is compiled and does what it does interpreted.
 */
class CorpusAgreesTest {
  private static final long CONTEXT = 4096;

  /** The program with some number for whatever it refers to. */
  private static Program without(ProgramSpec spec) {
    long[] slots = spec.code().toArray();
    Map<Integer, Helper> calls = new TreeMap<>();
    for (int slot = 0; slot < slots.length; ) {
      Instruction instruction = Instruction.decode(spec.code(), slot);
      switch (instruction) {
        case Instruction.LoadWide load when load.kind() != Wide.FUNC ->
            slots[slot] = Code.withSrc(slots[slot], 0);
        case Instruction.CallHelper _, Instruction.CallKernel _ -> {
          int seed = slot;
          calls.put(
              slot,
              (m, r1, r2, _, _, _) ->
                  switch (seed % 3) {
                    case 0 -> 0;
                    case 1 -> m.own().allocate(256, true).address();
                    default -> r1 + r2;
                  });
        }
        default -> {}
      }
      slot += instruction.slots();
    }
    return new Program(spec.name(), Code.of(slots), calls);
  }

  private static String run(Engine.Prepared prepared) {
    Processor processor = Machines.of(100_000);
    byte[] context = new byte[(int) CONTEXT];
    long address = processor.own().add(context, true);
    for (int i = 0; i < context.length; i += 8) {
      Regions.LONG.set(context, i, i % 3 == 0 ? Machines.KERNEL + i : address);
    }
    try {
      return prepared.run(processor, address) + " for " + (100_000 - processor.budget);
    } catch (BpfdumpException e) {
      return e.getMessage();
    }
  }

  @Test
  void compiledAsInterpreted() throws IOException {
    int programs = 0;
    List<String> unsupported = new ArrayList<>();
    for (Fixture fixture : Fixture.all()) {
      ObjectFile file;
      try {
        file = ObjectFile.read(fixture.object());
      } catch (BpfdumpException e) {
        continue; // Fixtures are there for what is refused, too.
      }
      for (ObjectFile.Entry entry : file.programs()) {
        ProgramSpec spec;
        try {
          spec = file.program(entry.name());
        } catch (BpfdumpException e) {
          continue;
        }
        Program program = without(spec);
        try {
          Engine.Prepared compiled = new Compiler().prepare(program);
          assertThat(compiled).as("%s %s", fixture, entry.name()).isInstanceOf(Compiled.class);
          assertThat(run(compiled))
              .as("%s %s", fixture, entry.name())
              .isEqualTo(run(new Interpreter().prepare(program)));
          programs++;
        } catch (UnsupportedException e) {
          unsupported.add(e.getMessage());
        }
      }
    }
    assertThat(programs).isGreaterThan(200);
    assertThat(unsupported).isNotEmpty().allMatch(message -> message.contains("arenas"));
  }
}
