// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Consumer;
import org.bpfdump.asm.Disassembler;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.spec.ProgramSpec;
import org.junit.jupiter.api.Test;

class ObjectFileTest {
  @Test
  void theOnlyProgramIsTheProgram() {
    ObjectFile object = Objects.open(Objects.example("task_file"));
    ProgramSpec program = object.program();
    assertThat(program.name()).isEqualTo("dump_task_file");
    assertThat(program.section()).isEqualTo("iter/task_file");
    assertThat(program.target()).contains("task_file");
    assertThat(program.license()).isEqualTo(object.license()).isEqualTo("Dual MIT/GPL");
    assertThat(program.sleepable()).isFalse();
    assertThat(program.autoload()).isTrue();
    assertThat(object.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
  }

  @Test
  void ofSeveralProgramsOneIsChosenByName() {
    ObjectFile object = Objects.fixture("prog_two_in_section");
    assertThatThrownBy(object::program)
        .isInstanceOf(RequestException.class)
        .hasMessageEndingWith(
            "/prog_two_in_section.bpf.o has 2 iterator programs: choose one of"
                + " first (iter/task), second (iter/task)");
    assertThat(object.program("second").name()).isEqualTo("second");
    assertThatThrownBy(() -> object.program("third"))
        .isInstanceOf(RequestException.class)
        .hasMessageEndingWith(
            "/prog_two_in_section.bpf.o has no program third: it has"
                + " first (iter/task), second (iter/task)");
  }

  @Test
  void aProgramNotMeantToAutoloadIsOnlyChosenByName() {
    ObjectFile object = Objects.fixture("prog_not_autoloaded");
    assertThat(object.program().name()).isEqualTo("loaded");
    assertThat(object.program("refused").autoload()).isFalse();
  }

  @Test
  void programsAreListedWithTheirSections() {
    assertThat(Objects.fixture("prog_sections").programs())
        .extracting(ObjectFile.Entry::section)
        .containsExactly("iter/task", "iter/bpf_map", "iter/bpf_prog");
  }

  @Test
  void aSleepableProgramSaysSo() {
    assertThat(Objects.program("prog_sleepable").sleepable()).isTrue();
  }

  @Test
  void aProgramNeedNotNameItsTarget() {
    assertThat(Objects.program("prog_no_target").target()).isEmpty();
  }

  @Test
  void theSectionsOfTheRfcNameATarget() {
    assertThat(Objects.program("prog_rfc_section").target()).contains("task_file");
    assertThat(Objects.program("prog_rfc_path").target()).contains("task_file");
  }

  @Test
  void programsOfOtherTypesAreListedAndRefused() {
    ObjectFile object = Objects.fixture("prog_unknown_section");
    assertThat(object.programs()).singleElement().matches(entry -> !entry.iterator());
    assertThatThrownBy(object::program)
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("other (tracepoint/sched/sched_switch)");
    assertThatThrownBy(() -> object.program("other"))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("tracepoint/sched/sched_switch");
  }

  @Test
  void anObjectWithoutProgramsSaysWhatItHas() {
    assertThatThrownBy(() -> Objects.program("object_no_program"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("has no program")
        .hasMessageContaining(".text license .data");
  }

  @Test
  void anObjectForAnotherMachineIsRefusedByItsName() {
    assertThatThrownBy(() -> Objects.fixture("object_x86"))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageEndingWith(
            "/object_x86.bpf.o is for x86-64 (ELF machine 62), not for BPF:"
                + " compile it with -target bpf");
  }

  @Test
  void legacyMapsAreRefusedWithTheRemedy() {
    assertThatThrownBy(() -> Objects.fixture("object_legacy_maps"))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("legacy section maps")
        .hasMessageContaining("SEC(\".maps\")");
  }

  @Test
  void withoutBtfThereIsAProgramButNoMap() {
    assertThat(Objects.program("object_no_btf").btf()).isEmpty();
    assertThatThrownBy(() -> Objects.program("object_no_btf_map"))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("compile it with -g");
  }

  @Test
  void bigEndianObjectsAreReadAlike() {
    ProgramSpec big = Objects.program("object_big_endian");
    assertThat(Objects.fixture("object_big_endian").order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    assertThat(big.btf().orElseThrow().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    assertThat(big.target()).contains("task");
    assertThat(new Disassembler().show(big.code())).startsWith("   0: (79) r").endsWith("exit\n");
    assertThat(big.lines()).isNotEmpty();
  }

  @Test
  void aMissingFileIsAnIoException() {
    assertThatThrownBy(() -> ObjectFile.read(Path.of("no/such/file.o")))
        .isInstanceOf(NoSuchFileException.class);
  }

  private static void refused(Consumer<byte[]> spoil, Class<?> type, String why) {
    byte[] bytes = bytes();
    spoil.accept(bytes);
    assertThatThrownBy(() -> ObjectFile.parse("x.o", bytes).program())
        .isInstanceOf(type)
        .hasMessageStartingWith("x.o ")
        .hasMessageContaining(why);
  }

  private static byte[] bytes() {
    try {
      return Files.readAllBytes(Objects.example("task"));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void eachWayToBeNoObjectHasItsOwnMessage() {
    refused(b -> b[0] = 0, MalformedException.class, "is not an ELF file");
    refused(b -> b[4] = 1, UnsupportedException.class, "32-bit");
    refused(b -> b[16] = 2, UnsupportedException.class, "not a relocatable object (ELF type 2)");
    refused(b -> b[18] = (byte) 183, UnsupportedException.class, "AArch64");
    refused(b -> b[5] = 3, MalformedException.class, "unknown byte order");
    refused(b -> b[60] = 0, MalformedException.class, "has no sections");
    assertThatThrownBy(() -> ObjectFile.parse("x.o", "#!/bin/sh".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("is not an ELF file");
  }

  @Test
  void anObjectCutShortAnywhereIsRefused() {
    byte[] bytes = bytes();
    for (int length = 0; length < bytes.length; length += 97) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> ObjectFile.parse("x.o", cut))
          .isInstanceOf(MalformedException.class)
          .hasMessageMatching("x\\.o is (cut short|not an ELF file).*");
    }
  }

  @Test
  void theHeaderThatIsNoSectionIsNotReadAsOne() {
    ByteBuffer bytes = ByteBuffer.wrap(bytes()).order(ByteOrder.LITTLE_ENDIAN);
    int headers = (int) bytes.getLong(40);
    int count = bytes.getShort(60);
    bytes.putInt(headers + 4, Elf.SHT_PROGBITS);
    bytes.putLong(headers + 32, Integer.MAX_VALUE);
    for (int i = 1; i < count; i++) {
      bytes.putInt(headers, bytes.getInt(headers + i * 64)); // the name of each other section
      ObjectFile object = ObjectFile.parse("x.o", bytes.array());
      assertThat(object.program().name()).isEqualTo("dump_task");
      assertThat(object.maps()).hasSize(1);
    }
  }

  @Test
  void namesFromTheFileCannotBreakAMessage() {
    String shown = Elf.shown("a\nb\u001b[31m" + "x".repeat(500));
    assertThat(shown).startsWith("a?b?[31mxx").hasSizeLessThan(120);
  }
}
