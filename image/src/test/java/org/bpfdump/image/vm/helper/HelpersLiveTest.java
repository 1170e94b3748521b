// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.asm.Wide;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.Relocation;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** Random calls of helpers, one after the other, as the running kernel's own answer them. */
@RequiresKernel
class HelpersLiveTest {
  private static final int CALLS = 250;
  private static final int RECORD = 16;
  private static final int SEQ_WRITE = 127;
  private static final int KEY = -16;
  private static final int VALUE = -32;
  private static final int TEXT = -64;

  private static final int ARRAY = 2;
  private static final int TRIE = 11;
  private static final int QUEUE = 22;

  /** Maps of 4 or 5 elements. */
  private static final List<MapSpec> MAPS =
      List.of(
          map(ARRAY, 4, 5, 0),
          map(1, 4, 4, 0),
          map(1, 4, 4, 1),
          map(6, 4, 5, 0),
          map(5, 4, 4, 0),
          map(TRIE, 8, 4, 1),
          map(QUEUE, 0, 4, 0),
          map(23, 0, 4, 0));

  private final Assembler asm = new Assembler();
  private final List<Relocation> relocations = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();

  private static MapSpec map(int type, int key, int most, int flags) {
    return new MapSpec(
        "m" + type,
        type,
        key,
        8,
        most,
        flags,
        0,
        0,
        false,
        0,
        0,
        Optional.empty(),
        new MapContents.Empty());
  }

  @Test
  void answerAsTheKernelsOwn() {
    long seed = Long.getLong("bpfdump.seed", System.nanoTime());
    System.out.println("calling helpers with -Dbpfdump.seed=" + seed);
    Random random = new Random(seed);
    Assembler.Label out = asm.label();
    asm.load(Size.DOUBLE, Register.R6, Register.R1, 0)
        .load(Size.DOUBLE, Register.R7, Register.R6, 16)
        .jumpIf(Condition.NE, Register.R7, 0, out)
        .load(Size.DOUBLE, Register.R6, Register.R6, 0);
    for (int i = 0; i < CALLS; i++) {
      for (int at = TEXT; at < 0; at += 8) {
        asm.store(Size.DOUBLE, Register.R10, at, 0x55);
      }
      switch (random.nextInt(5)) {
        case 0 -> probe(random);
        case 1 -> number(random);
        default -> element(random);
      }
      // The result, and what is on the stack at the value.
      asm.store(Size.DOUBLE, Register.R10, KEY, Register.R0)
          .load(Size.DOUBLE, Register.R1, Register.R10, VALUE)
          .store(Size.DOUBLE, Register.R10, KEY + 8, Register.R1)
          .move(Register.R1, Register.R6)
          .move(Register.R2, Register.R10)
          .alu(Arithmetic.ADD, Register.R2, KEY)
          .move(Register.R3, RECORD)
          .call(SEQ_WRITE);
    }
    asm.place(out).move(Register.R0, 0).exit();
    Twin twin = new Twin(asm.code(), MAPS, relocations);
    ByteBuffer live = ByteBuffer.wrap(twin.live()).order(ByteOrder.LITTLE_ENDIAN);
    ByteBuffer own = ByteBuffer.wrap(twin.own()).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(live.capacity()).isEqualTo(CALLS * RECORD);
    assertThat(own.capacity()).isEqualTo(CALLS * RECORD);
    for (int i = 0; i < CALLS; i++) {
      assertThat(record(own, i))
          .as("call %s of seed %s: %s", i, seed, calls.get(i))
          .isEqualTo(record(live, i));
    }
  }

  private static String record(ByteBuffer in, int index) {
    int at = index * RECORD;
    return in.getLong(at) + ", value " + Long.toHexString(in.getLong(at + 8));
  }

  private void stack(Register into, int offset) {
    asm.move(into, Register.R10).alu(Arithmetic.ADD, into, offset);
  }

  private void element(Random random) {
    int index = random.nextInt(MAPS.size());
    MapSpec map = MAPS.get(index);
    int key = random.nextInt(7);
    int value = random.nextInt(1000);
    int flags = random.nextInt(6) == 0 ? 3 : random.nextInt(3);
    if (map.type() == TRIE) {
      int bits = random.nextInt(34);
      asm.store(Size.WORD, Register.R10, KEY, bits)
          .store(Size.WORD, Register.R10, KEY + 4, random.nextInt(4) * 0x01000081);
      key = bits;
    } else {
      asm.store(Size.WORD, Register.R10, KEY, key);
    }
    asm.store(Size.DOUBLE, Register.R10, VALUE, value);
    relocations.add(new Relocation.MapReference(asm.slot(), index));
    asm.load(Register.R1, Wide.VALUE, 0, 0);
    String what;
    if (map.keySize() == 0) {
      int helper = 87 + random.nextInt(3);
      stack(Register.R2, VALUE);
      asm.move(Register.R3, flags).call(helper);
      what = "helper " + helper;
    } else {
      stack(Register.R2, KEY);
      int helper = 1 + random.nextInt(3);
      if (helper == 2) {
        stack(Register.R3, VALUE);
        asm.move(Register.R4, flags);
      }
      asm.call(helper);
      if (helper == 1) {
        Assembler.Label none = asm.label();
        asm.jumpIf(Condition.EQ, Register.R0, 0, none)
            .load(Size.DOUBLE, Register.R1, Register.R0, 0)
            .store(Size.DOUBLE, Register.R10, VALUE, Register.R1)
            .move(Register.R0, 1)
            .place(none);
      }
      what = "helper " + helper;
    }
    calls.add(what + " on map type " + map.type() + ", key " + key + ", flags " + flags);
  }

  private void probe(Random random) {
    int[] helpers = {4, 45, 112, 113, 114, 115};
    int helper = helpers[random.nextInt(helpers.length)];
    long[] nowhere = {0, 1, 4096, -1, -4096, 1L << 60};
    long from = nowhere[random.nextInt(nowhere.length)];
    int size = 1 + random.nextInt(8);
    boolean own = random.nextInt(3) == 0;
    if (own) {
      asm.store(Size.DOUBLE, Register.R10, TEXT, 0x00636261);
      stack(Register.R3, TEXT);
    } else {
      asm.move(Register.R3, from);
    }
    asm.move(Register.R2, size);
    stack(Register.R1, VALUE);
    asm.call(helper);
    calls.add("helper " + helper + ", " + size + " bytes from " + (own ? "stack" : from));
  }

  private void number(Random random) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(24);
    String letters = random.nextBoolean() ? "0123456789" : " \t\u00a0-0123456789abcfxX\u00b1";
    if (random.nextInt(3) == 0) {
      text.append(random.nextBoolean() ? "0x" : "-");
    }
    while (text.length() < length) {
      text.append(letters.charAt(random.nextInt(letters.length())));
    }
    for (int i = 0; i < 24; i++) {
      asm.store(Size.BYTE, Register.R10, TEXT + i, i < text.length() ? text.charAt(i) : 0);
    }
    int[] bases = {0, 8, 10, 16, 7, 32};
    int base = bases[random.nextInt(bases.length)];
    int helper = 105 + random.nextInt(2);
    stack(Register.R1, TEXT);
    asm.move(Register.R2, length).move(Register.R3, base);
    stack(Register.R4, VALUE);
    asm.call(helper);
    calls.add("helper " + helper + " of '" + text + "' (" + length + "), base " + base);
  }
}
