// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Random;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.obj.Objects;
import org.junit.jupiter.api.Test;

class InstructionTest {
  private static final long SEED = Long.getLong("bpfdump.seed", System.nanoTime());

  /** Checks that decoding and encoding gives the code back; returns how many were unknown. */
  private static int roundTrip(Code code) {
    int unknown = 0;
    for (int slot = 0; slot < code.size(); ) {
      Instruction instruction = Instruction.decode(code, slot);
      long[] encoded = instruction.encode();
      assertThat(encoded).hasSize(instruction.slots());
      for (long part : encoded) {
        assertThat(part).as("slot %d of %s", slot, instruction).isEqualTo(code.get(slot));
        slot++;
      }
      unknown += instruction instanceof Instruction.Unknown ? 1 : 0;
    }
    return unknown;
  }

  @Test
  void everyInstructionThatACompilerMakesIsKnownAndComesBack() throws IOException {
    int programs = 0;
    int refused = 0;
    for (Path file : Objects.all()) {
      try {
        ObjectFile object = ObjectFile.read(file);
        for (ObjectFile.Entry entry : object.programs()) {
          Code code = object.program(entry.name()).code();
          assertThat(roundTrip(code)).as("unknown instructions in %s", file).isZero();
          programs++;
        }
      } catch (BpfdumpException e) {
        refused++; // as it is there to be
      }
    }
    assertThat(programs).isGreaterThan(10 * refused);
  }

  @Test
  void anyEightBytesComeBack() {
    System.out.println("decoding random slots with -Dbpfdump.seed=" + SEED);
    Random random = new Random(SEED);
    long[] slots = new long[200_000];
    for (int i = 0; i < slots.length; i++) {
      // All noise is mostly no instruction; with some fields empty it is more often one.
      slots[i] =
          random.nextBoolean()
              ? random.nextLong()
              : Code.slot(
                  random.nextInt(256),
                  random.nextInt(12),
                  random.nextBoolean() ? 0 : random.nextInt(12),
                  random.nextBoolean() ? 0 : random.nextInt(-2, 33),
                  random.nextBoolean() ? 0 : random.nextInt(-2, 300));
    }
    int unknown = roundTrip(Code.of(slots));
    assertThat(unknown).isBetween(slots.length / 2, slots.length * 95 / 100);
  }

  @Test
  void aFieldThatAnInstructionDoesNotUseMakesItUnknown() {
    assertThat(decode(Code.slot(0xb7, 0, 0, 0, 1))).isInstanceOf(Instruction.Alu.class);
    assertThat(decode(Code.slot(0xb7, 0, 3, 0, 1))).isInstanceOf(Instruction.Unknown.class);
    assertThat(decode(Code.slot(0x95, 0, 0, 0, 7))).isInstanceOf(Instruction.Unknown.class);
  }

  @Test
  void halfOfAWideLoadIsUnknown() {
    assertThat(decode(Code.slot(0x18, 1, 0, 0, 5))).isInstanceOf(Instruction.Unknown.class);
    Code code = Code.of(Code.slot(0x18, 1, 0, 0, 5), Code.slot(0xb7, 0, 0, 0, 0));
    assertThat(Instruction.decode(code, 0)).isInstanceOf(Instruction.Unknown.class);
  }

  @Test
  void aWideLoadJoinsItsHalves() {
    Code code = Code.of(Code.slot(0x18, 1, 0, 0, -2), Code.slot(0, 0, 0, 0, 0x7FFF_FFFF));
    assertThat(Instruction.decode(code, 0))
        .isInstanceOfSatisfying(
            Instruction.LoadWide.class,
            load -> assertThat(load.value()).isEqualTo(0x7FFF_FFFF_FFFF_FFFEL));
  }

  @Test
  void registersSwapPlacesWithTheByteOrder() {
    Code code = Code.of(Code.slot(0x79, 6, 1, 8, 0));
    byte[] little = bytes(code, ByteOrder.LITTLE_ENDIAN);
    byte[] big = bytes(code, ByteOrder.BIG_ENDIAN);
    assertThat(little).containsExactly(0x79, 0x16, 8, 0, 0, 0, 0, 0);
    assertThat(big).containsExactly(0x79, 0x61, 0, 8, 0, 0, 0, 0);
    assertThat(Code.read(ByteBuffer.wrap(big).order(ByteOrder.BIG_ENDIAN))).isEqualTo(code);
  }

  private static byte[] bytes(Code code, ByteOrder order) {
    ByteBuffer buffer = ByteBuffer.allocate(code.size() * 8).order(order);
    code.write(buffer);
    return buffer.array();
  }

  private static Instruction decode(long slot) {
    return Instruction.decode(Code.of(slot), 0);
  }
}
