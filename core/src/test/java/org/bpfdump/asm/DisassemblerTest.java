// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfBuilder;
import org.bpfdump.btf.BtfType;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.obj.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The notation is the kernel's, {@code kernel/bpf/disasm.c}. */
class DisassemblerTest {
  private static final Path GOLDEN = Path.of("src/test/resources/disassembly");

  private final Disassembler numbers = new Disassembler();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // opcode, dst, src, offset, immediate
        "07|1|0|0|-8|(07) r1 += -8",
        "1c|1|2|0|0|(1c) w1 -= w2",
        "3c|3|5|1|0|(3c) w3 s/= w5",
        "97|3|0|1|7|(97) r3 s%= 7",
        "cf|1|2|0|0|(cf) r1 s>>= r2",
        "87|4|0|0|0|(87) r4 = -r4",
        "84|4|0|0|0|(84) w4 = -w4",
        "bf|1|2|8|0|(bf) r1 = (s8)r2",
        "bc|1|2|16|0|(bc) w1 = (s16)w2",
        "bf|1|2|32|0|(bf) r1 = (s32)r2",
        "bf|1|2|1|65536|(bf) r1 = addr_space_cast(r2, 1, 0)",
        "d4|1|0|0|16|(d4) r1 = le16 r1",
        "dc|1|0|0|64|(dc) r1 = be64 r1",
        "d7|1|0|0|32|(d7) r1 = bswap32 r1",
        "79|6|1|0|0|(79) r6 = *(u64 *)(r1 +0)",
        "61|0|7|1264|0|(61) r0 = *(u32 *)(r7 +1264)",
        "81|3|2|4|0|(81) r3 = *(s32 *)(r2 +4)",
        "91|3|2|-1|0|(91) r3 = *(s8 *)(r2 -1)",
        "7a|10|0|-8|65|(7a) *(u64 *)(r10 -8) = 65",
        "73|10|1|-1|0|(73) *(u8 *)(r10 -1) = r1",
        "c3|1|2|4|0|(c3) lock *(u32 *)(r1 +4) += r2",
        "db|1|2|0|160|(db) lock *(u64 *)(r1 +0) ^= r2",
        "db|1|2|0|1|(db) r2 = atomic64_fetch_add((u64 *)(r1 +0), r2)",
        "c3|1|2|0|65|(c3) r2 = atomic_fetch_or((u32 *)(r1 +0), r2)",
        "db|1|2|0|225|(db) r2 = atomic64_xchg((u64 *)(r1 +0), r2)",
        "db|1|2|0|241|(db) r0 = atomic64_cmpxchg((u64 *)(r1 +0), r0, r2)",
        "d3|1|2|8|256|(d3) r1 = load_acquire((u8 *)(r2 +8))",
        "cb|1|2|8|272|(cb) store_release((u16 *)(r1 +8), r2)",
        "28|0|0|0|12|(28) r0 = *(u16 *)skb[12]",
        "50|0|3|0|2|(50) r0 = *(u8 *)skb[r3 + 2]",
        "05|0|0|-3|0|(05) goto pc-3",
        "06|0|0|0|70000|(06) gotol pc+70000",
        "e5|0|0|2|0|(e5) may_goto pc+2",
        "15|1|0|2|-1|(15) if r1 == 0xffffffff goto pc+2",
        "6e|1|2|-2|0|(6e) if w1 s> w2 goto pc-2",
        "45|1|0|1|64|(45) if r1 & 0x40 goto pc+1",
        "85|0|0|0|126|(85) call #126",
        "85|0|1|0|-5|(85) call pc-5",
        "85|0|2|0|900|(85) call kernel-function#900",
        "95|0|0|0|0|(95) exit",
        "ff|0|0|0|0|(ff) unknown 0xff",
      })
  void eachInstructionIsWrittenAsTheKernelWritesIt(
      String opcode, int dst, int src, int offset, int immediate, String text) {
    long slot = Code.slot(Integer.parseInt(opcode, 16), dst, src, offset, immediate);
    assertThat(numbers.show(Instruction.decode(Code.of(slot), 0))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "VALUE|5|1|(18) r2 = 0x100000005",
        "MAP_FD|7|0|(18) r2 = map[id:7]",
        "MAP_VALUE|7|16|(18) r2 = map[id:7][0]+16",
        "FUNC|-3|0|(18) r2 = subprog[-3]",
        "MAP_INDEX_VALUE|1|16|(18) r2 = map[idx:1]+16",
      })
  void eachKindOfWideLoadIsToldApart(Wide kind, int low, int high, String text) {
    assertThat(numbers.show(new Instruction.LoadWide(Register.R2, kind, low, high)))
        .isEqualTo(text);
  }

  @Test
  void helpersAndKernelFunctionsHaveTheNamesOfTheKernelsBtf() {
    BtfBuilder builder = new BtfBuilder();
    builder.add(
        new BtfType.Enum(
            "bpf_func_id", 4, false, List.of(new BtfType.Enumerator("BPF_FUNC_seq_write", 127))));
    int proto = builder.add(new BtfType.FuncProto(0, List.of()));
    int function = builder.add(new BtfType.Func("bpf_task_acquire", proto, BtfType.Linkage.STATIC));
    Btf kernel = builder.build();
    Disassembler names = new Disassembler(kernel);
    assertThat(names.show(new Instruction.CallHelper(127)))
        .isEqualTo("(85) call bpf_seq_write#127");
    assertThat(names.show(new Instruction.CallHelper(195896080)))
        .isEqualTo("(85) call unknown#195896080");
    assertThat(names.show(new Instruction.CallKernel(function, 0)))
        .isEqualTo("(85) call bpf_task_acquire#" + function);
  }

  @Test
  void slotsAreNumberedSoThatAWideLoadTakesTwo() {
    Code code = new Assembler().load(Register.R1, Wide.VALUE, 1, 0).exit().code();
    assertThat(numbers.show(code)).isEqualTo("   0: (18) r1 = 0x1\n   2: (95) exit\n");
  }

  private static List<Path> golden() {
    return List.of(
        Objects.file("prog_callback_loop", 14),
        Objects.file("prog_sleepable", 19),
        Objects.file("insn_atomic", 22),
        Objects.file("insn_v4", 22),
        Objects.file("prog_chain", 14));
  }

  /**
   * Written anew by {@code mvn -pl core -am test -Dtest=DisassemblerTest -Dbpfdump.golden=write}.
   */
  @ParameterizedTest
  @MethodSource("golden")
  void objectsAreShownAsApproved(Path file) throws IOException {
    ObjectFile object = ObjectFile.read(file);
    StringBuilder text = new StringBuilder();
    for (ObjectFile.Entry entry : object.programs()) {
      text.append(entry.section()).append(' ').append(entry.name()).append('\n');
      text.append(numbers.show(object.program(entry.name()).code()));
    }
    Path approved = GOLDEN.resolve(file.getFileName().toString().replace(".bpf.o", ".txt"));
    if ("write".equals(System.getProperty("bpfdump.golden"))) {
      Files.createDirectories(GOLDEN);
      Files.writeString(approved, text);
    }
    assertThat(text.toString()).isEqualTo(Files.readString(approved));
  }
}
