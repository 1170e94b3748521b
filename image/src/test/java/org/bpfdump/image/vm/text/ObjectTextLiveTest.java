// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
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
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.vm.helper.Twin;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.Relocation;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** Random bytes, shown as objects of the running kernel's types: as its bpf_seq_printf_btf does. */
@RequiresKernel
class ObjectTextLiveTest {
  private static final int CASES = 1500;
  private static final int CASE = 512;
  private static final int LARGEST = 80;
  private static final int RAW = 4;
  private static final int SEQ_PRINTF_BTF = 150;
  private static final int SEQ_WRITE = 127;
  private static final int MARK = 0xB0F0B0F1;

  @Test
  void showsWhatTheKernelShows() throws IOException {
    long seed = Long.getLong("bpfdump.seed", System.nanoTime());
    System.out.println("showing objects with -Dbpfdump.seed=" + seed);
    Random random = new Random(seed);
    Btf btf = Btf.read(Path.of("/sys/kernel/btf/vmlinux"));
    ByteBuffer cases = ByteBuffer.allocate(CASES * CASE).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < CASES; i++) {
      int at = i * CASE;
      cases.putInt(at + 8, type(btf, random));
      cases.putInt(at + 12, RAW | random.nextInt(16));
      int zeroes = random.nextInt(5);
      for (int k = 24; k < CASE; k++) {
        boolean zero = random.nextInt(4) < zeroes;
        cases.put(at + k, (byte) (zero ? 0 : 32 + random.nextInt(random.nextBoolean() ? 96 : 224)));
      }
    }
    Twin twin = twin(cases.array());
    List<String> live = records(twin.live());
    List<String> own = records(twin.own(new Typed(TestImages.shared("7.2"), btf)));
    assertThat(live).hasSize(CASES);
    assertThat(own).hasSize(CASES);
    for (int i = 0; i < CASES; i++) {
      assertThat(own.get(i))
          .as(
              "case %s of seed %s: type %s, flags %s",
              i, seed, btf.type(cases.getInt(i * CASE + 8)), cases.getInt(i * CASE + 12))
          .isEqualTo(live.get(i));
    }
  }

  /** A type of at most {@link #LARGEST} bytes. */
  private static int type(Btf btf, Random random) {
    while (true) {
      int id = 1 + random.nextInt(btf.size() - 1);
      switch (btf.resolved(id)) {
        case BtfType.Composite _, BtfType.Enumeration _, BtfType.Int _, BtfType.Array _ -> {
          if (btf.sizeOf(id) <= LARGEST && !hasSmallEnum(btf, id)) {
            return id;
          }
        }
        default -> {}
      }
    }
  }

  /** Which the kernel reads beyond its end, and at the end of an object beyond that. */
  private static boolean hasSmallEnum(Btf btf, int id) {
    return switch (btf.resolved(id)) {
      case BtfType.Enumeration constant -> constant.size() < 4;
      case BtfType.Array array -> hasSmallEnum(btf, array.element());
      case BtfType.Composite composite ->
          composite.members().stream().anyMatch(member -> hasSmallEnum(btf, member.type()));
      default -> false;
    };
  }

  private static List<String> records(byte[] output) {
    List<String> records = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(output).order(ByteOrder.LITTLE_ENDIAN);
    int start = 0;
    for (int at = 0; at + 16 <= output.length; at++) {
      if (in.getInt(at) == MARK && in.getInt(at + 4) == records.size()) {
        String text = new String(output, start, at - start, StandardCharsets.ISO_8859_1);
        records.add(text + " -> " + in.getLong(at + 8));
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
        .store(Size.DOUBLE, Register.R8, 0, Register.R8)
        .load(Size.DOUBLE, Register.R9, Register.R8, 0)
        .alu(Arithmetic.ADD, Register.R9, 24)
        .store(Size.DOUBLE, Register.R10, -32, Register.R9)
        .load(Size.WORD, Register.R1, Register.R8, 8)
        .store(Size.DOUBLE, Register.R10, -24, Register.R1)
        .load(Size.WORD, Register.R4, Register.R8, 12)
        .move(Register.R1, Register.R6)
        .move(Register.R2, Register.R10)
        .alu(Arithmetic.ADD, Register.R2, -32)
        .move(Register.R3, 16)
        .call(SEQ_PRINTF_BTF)
        .store(Size.DOUBLE, Register.R10, -8, Register.R0)
        .store(Size.WORD, Register.R10, -16, MARK)
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
