// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.asm.Wide;
import org.bpfdump.image.vm.helper.Twin;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.Relocation;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** Formats, good and bad, as the running kernel's {@code bpf_seq_printf} prints them. */
@RequiresKernel
class PrintfLiveTest {
  private static final int CASE = 1024;
  private static final int CASES = 4000;
  private static final int FORMAT = 64;
  private static final int ARGUMENTS = FORMAT;
  private static final int MASKS = ARGUMENTS + 96;
  private static final int SELF = 256;
  private static final int SIZE = 264;
  private static final int LENGTH = 268;
  private static final int STRINGS = 272;
  private static final int MOST_LENGTH = 112;

  private static final int SEQ_PRINTF = 126;
  private static final int SEQ_WRITE = 127;

  private static final String[] PIECES = {
    "a", " ", "=", "\t", "%%", "z9", ".", "(", "é", "\u0001", "\u007f", "%q", "% ", "%#x", "%hd",
    "%.3d", "%5", "%lll", "%n", "%*d", "%zu", "%pM", "%pi5", "%e", "%ls", "%lc", "%pf", "%pU", "l",
  };

  private static final String[] CONVERSIONS = {
    "d", "i", "u", "x", "X", "ld", "li", "lu", "lx", "lX", "lld", "lli", "llu", "llx", "llX", "c",
    "s", "s", "s", "pks", "pus", "px", "pI4", "pi4", "pI6", "pi6", "p", "pK", "pI6c", "pxyz", "s.",
  };

  @Test
  void printsWhatTheKernelPrints() {
    long seed = Long.getLong("bpfdump.seed", System.nanoTime());
    System.out.println("printing formats with -Dbpfdump.seed=" + seed);
    Random random = new Random(seed);
    ByteBuffer cases = ByteBuffer.allocate(CASES * CASE).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < CASES; i++) {
      put(cases, i * CASE, random);
    }
    cases.put(cases.capacity() - 1, (byte) 0); // memory after it is not the test's
    Twin twin = twin(cases.array());
    List<String> live = records(twin.live(), cases);
    List<String> own = records(twin.own(), cases);
    assertThat(live).hasSize(CASES);
    assertThat(live).anyMatch(r -> r.endsWith("-> -28")).anyMatch(r -> r.endsWith("-> -22"));
    assertThat(own).hasSize(CASES);
    for (int i = 0; i < CASES; i++) {
      assertThat(own.get(i)).as("case %s of seed %s", i, seed).isEqualTo(live.get(i));
    }
  }

  private static void put(ByteBuffer into, int at, Random random) {
    StringBuilder format = new StringBuilder();
    List<Long> arguments = new ArrayList<>();
    List<Boolean> relative = new ArrayList<>();
    int parts = random.nextInt(9);
    for (int i = 0; i < parts; i++) {
      if (random.nextInt(3) == 0) {
        // Most formats are to be good ones.
        format.append(PIECES[random.nextInt(random.nextInt(8) == 0 ? PIECES.length : 8)]);
        continue;
      }
      String conversion = CONVERSIONS[random.nextInt(CONVERSIONS.length)];
      format.append('%');
      while (random.nextInt(3) == 0) {
        format.append("0+- ".charAt(random.nextInt(4)));
      }
      if (random.nextInt(3) == 0) {
        format.append(random.nextInt(60));
      }
      format.append(conversion);
      if (conversion.contains("s") || conversion.startsWith("pI") || conversion.startsWith("pi")) {
        boolean bad = random.nextInt(12) == 0;
        relative.add(!bad);
        long[] nowhere = {0, 1, -1, 4096, 1L << 60, 0x0000_7fff_0000_0000L};
        arguments.add(
            bad
                ? nowhere[random.nextInt(nowhere.length)]
                : STRINGS + random.nextInt(CASE - STRINGS - 16));
      } else if (conversion.equals("p") || conversion.equals("pK")) {
        // Others are hashed by a secret.
        relative.add(false);
        arguments.add(random.nextBoolean() ? 0L : -1L - random.nextInt(4095));
      } else {
        relative.add(false);
        arguments.add(random.nextLong() >> random.nextInt(64));
      }
    }
    byte[] text = format.toString().getBytes(StandardCharsets.UTF_8);
    text = Arrays.copyOf(text, Math.min(text.length, FORMAT - 1));
    into.put(at, text);
    for (int i = 0; i < Math.min(12, arguments.size()); i++) {
      into.putLong(at + ARGUMENTS + 8 * i, arguments.get(i));
      into.putLong(at + MASKS + 8 * i, relative.get(i) ? -1 : 0);
    }
    boolean odd = random.nextInt(20) == 0;
    into.putInt(at + SIZE, odd ? 1 + random.nextInt(FORMAT) : text.length + 1);
    into.putInt(
        at + LENGTH, odd ? random.nextInt(MOST_LENGTH) : 8 * Math.min(12, arguments.size()));
    // The kernel leaves its own buffer where an address does not fit any more: short strings then.
    boolean address = format.indexOf("pi") >= 0 || format.indexOf("pI") >= 0;
    int every = 2 + random.nextInt(address ? 8 : 300);
    for (int i = STRINGS; i < CASE; i++) {
      int c = random.nextInt(every) == 0 ? 0 : 1 + random.nextInt(255);
      into.put(at + i, (byte) c);
    }
  }

  /** Text and result of each case, with its format. */
  private static List<String> records(byte[] output, ByteBuffer cases) {
    List<String> records = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN);
    int start = 0;
    // Each ends with a mark, its number and the result.
    for (int at = 0; at + 16 <= output.length; at++) {
      if (in.getInt(at) == 0xB0F0B0F1 && in.getInt(at + 4) == records.size()) {
        int from = records.size() * CASE;
        int size = cases.getInt(from + SIZE);
        String format = StandardCharsets.ISO_8859_1.decode(cases.slice(from, size)).toString();
        String text = new String(output, start, at - start, StandardCharsets.ISO_8859_1);
        records.add(
            format.replace("\0", "\\0")
                + " : "
                + cases.getInt(from + LENGTH)
                + " bytes: "
                + text
                + "-> "
                + in.getLong(at + 8));
        start = at + 16;
        at += 15;
      }
    }
    return records;
  }

  private static Twin twin(byte[] cases) {
    MapSpec map =
        new MapSpec(
            "cases",
            2,
            4,
            cases.length,
            1,
            0,
            0,
            0,
            false,
            0,
            0,
            Optional.empty(),
            new MapContents.Data(cases, false));
    Assembler asm = new Assembler();
    Assembler.Label out = asm.label();
    asm.load(Size.DOUBLE, Register.R6, Register.R1, 0)
        .load(Size.DOUBLE, Register.R7, Register.R6, 16)
        .jumpIf(Condition.GE, Register.R7, CASES, out)
        .load(Size.DOUBLE, Register.R6, Register.R6, 0);
    int slot = asm.slot();
    asm.load(Register.R8, Wide.VALUE, 0, 0)
        .move(Register.R1, Register.R7)
        .alu(Arithmetic.MUL, Register.R1, CASE)
        .alu(Arithmetic.ADD, Register.R8, Register.R1)
        // The case's own address, as a number.
        .store(Size.DOUBLE, Register.R8, SELF, Register.R8)
        .load(Size.DOUBLE, Register.R9, Register.R8, SELF);
    for (int i = 0; i < MOST_LENGTH / 8; i++) {
      if (i < 12) {
        asm.load(Size.DOUBLE, Register.R1, Register.R8, ARGUMENTS + 8 * i)
            .load(Size.DOUBLE, Register.R2, Register.R8, MASKS + 8 * i)
            .alu(Arithmetic.AND, Register.R2, Register.R9)
            .alu(Arithmetic.ADD, Register.R1, Register.R2)
            .store(Size.DOUBLE, Register.R10, 8 * i - MOST_LENGTH, Register.R1);
      } else {
        asm.store(Size.DOUBLE, Register.R10, 8 * i - MOST_LENGTH, 0);
      }
    }
    asm.load(Size.WORD, Register.R3, Register.R8, SIZE)
        .jumpIf(Condition.EQ, Register.R3, 0, out)
        .jumpIf(Condition.GT, Register.R3, FORMAT, out)
        .load(Size.WORD, Register.R5, Register.R8, LENGTH)
        .jumpIf(Condition.GT, Register.R5, MOST_LENGTH, out)
        .move(Register.R1, Register.R6)
        .move(Register.R2, Register.R8)
        .move(Register.R4, Register.R10)
        .alu(Arithmetic.ADD, Register.R4, -MOST_LENGTH)
        .call(SEQ_PRINTF)
        .store(Size.DOUBLE, Register.R10, -8, Register.R0)
        .store(Size.WORD, Register.R10, -16, 0xB0F0B0F1)
        .store(Size.WORD, Register.R10, -12, Register.R7)
        .move(Register.R1, Register.R6)
        .move(Register.R2, Register.R10)
        .alu(Arithmetic.ADD, Register.R2, -16)
        .move(Register.R3, 16)
        .call(SEQ_WRITE)
        .place(out)
        .move(Register.R0, 0)
        .exit();
    return new Twin(asm.code(), List.of(map), List.of(new Relocation.MapValue(slot, 0, 0)));
  }
}
