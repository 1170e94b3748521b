// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.asm.Arithmetic;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.spec.ProgramSpec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The names of open files, against what the links in /proc said in the guest. */
class PathsTest {
  private static final int D_PATH = 147;
  private static final int SEQ_WRITE = 127;
  private static final int ROOM = 400;

  static List<String> kernels() {
    return TestImages.kernels();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void areThoseThatProcHad(String kernel) throws IOException {
    List<String> expected = new ArrayList<>();
    for (String line : TestImages.truth(kernel).section("FDS")) {
      String[] words = line.split(" ", 7);
      expected.add(words[0] + " " + words[1] + " " + words[6]);
    }
    List<String> found = new ArrayList<>();
    try (ImageKernel image = ImageKernel.open(TestImages.file(kernel));
        Dumper dumper = image.load(program(new Types(image.btf())));
        Dump dump = dumper.open()) {
      String all = new String(dump.stream().readAllBytes(), StandardCharsets.ISO_8859_1);
      for (int at = 0; at < all.length(); at += ROOM + 8) {
        String record = all.substring(at, at + ROOM + 8);
        int id = record.charAt(0) | (record.charAt(1) << 8);
        int fd = record.charAt(4) | (record.charAt(5) << 8);
        int nul = record.indexOf('\0', 8);
        found.add(id + " " + fd + " " + escaped(record.substring(8, nul)));
      }
    }
    // The recorder read this one while it read itself.
    expected.removeIf(line -> line.contains("/proc/"));
    found.removeIf(line -> line.contains("/proc/"));
    assertThat(found).containsAll(expected).hasSizeGreaterThan(70);
    found.removeAll(expected);
    assertThat(found).hasSizeLessThan(3);
  }

  private static String escaped(String text) {
    StringBuilder into = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '\\') {
        into.append(String.format("\\x%02x", (int) c));
      } else {
        into.append(c);
      }
    }
    return into.toString();
  }

  /** Of each file of a process: tgid, fd, path. */
  private static ProgramSpec program(Types types) {
    Assembler asm = new Assembler();
    Assembler.Label out = asm.label();
    asm.load(Size.DOUBLE, Register.R6, Register.R1, 0)
        .load(Size.DOUBLE, Register.R6, Register.R6, 0)
        .load(Size.DOUBLE, Register.R7, Register.R1, 8)
        .jumpIf(Condition.EQ, Register.R7, 0, out)
        .load(Size.DOUBLE, Register.R8, Register.R1, 24)
        .jumpIf(Condition.EQ, Register.R8, 0, out)
        .load(Size.WORD, Register.R2, Register.R7, types.field("task_struct", "tgid").offset())
        .store(Size.WORD, Register.R10, -ROOM - 8, Register.R2)
        .load(Size.WORD, Register.R2, Register.R1, 16)
        .store(Size.WORD, Register.R10, -ROOM - 4, Register.R2);
    for (int i = -ROOM; i < 0; i += 8) {
      asm.store(Size.DOUBLE, Register.R10, i, 0);
    }
    asm.move(Register.R1, Register.R8)
        .alu(Arithmetic.ADD, Register.R1, types.field("file", "f_path").offset())
        .move(Register.R2, Register.R10)
        .alu(Arithmetic.ADD, Register.R2, -ROOM)
        .move(Register.R3, ROOM - 1)
        .call(D_PATH)
        .move(Register.R1, Register.R6)
        .move(Register.R2, Register.R10)
        .alu(Arithmetic.ADD, Register.R2, -ROOM - 8)
        .move(Register.R3, ROOM + 8)
        .call(SEQ_WRITE)
        .place(out)
        .move(Register.R0, 0)
        .exit();
    return new ProgramSpec(
        "paths",
        "",
        Optional.of("task_file"),
        false,
        true,
        "GPL",
        ByteOrder.LITTLE_ENDIAN,
        asm.code(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty());
  }
}
