// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.TestImages;
import org.bpfdump.testkit.HostileInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SymbolFileTest {
  private static final long MAP = 0xFFFF_FFFF_8000_0000L;

  @TempDir Path directory;

  /** Where the kernel was linked to have a symbol. */
  private static long linked(Snapshot snapshot, long address) {
    return Long.compareUnsigned(address, MAP) < 0
        ? address
        : address - snapshot.vmcoreinfo().kernelOffset().orElseThrow();
  }

  private Path systemMap(Snapshot snapshot) throws IOException {
    StringBuilder text = new StringBuilder();
    Symbols symbols = snapshot.symbols();
    for (int i = 0; i < symbols.count(); i++) {
      text.append("%016x ".formatted(linked(snapshot, symbols.address(i))))
          .append(symbols.type(i))
          .append(' ')
          .append(symbols.name(i))
          .append('\n');
    }
    return Files.writeString(directory.resolve("System.map"), text);
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void aSystemMapTellsTheSameAsTheImage(String kernel) throws IOException {
    Snapshot snapshot = TestImages.shared(kernel);
    Symbols own = snapshot.symbols();
    Symbols read = SymbolFile.read(systemMap(snapshot), snapshot.vmcoreinfo());
    assertThat(read.count()).isEqualTo(own.count());
    for (int i = 0; i < own.count(); i++) {
      assertThat(read.address(i)).isEqualTo(own.address(i));
      assertThat(read.type(i)).isEqualTo(own.type(i));
      assertThat(read.name(i)).isEqualTo(own.name(i));
    }
    for (int i = 0; i < own.count(); i += 997) {
      assertThat(read.below(own.address(i) + 1)).isEqualTo(own.below(own.address(i) + 1));
      assertThat(read.find(own.name(i))).isEqualTo(own.find(own.name(i)));
    }
  }

  @Test
  void aSystemMapOfAnotherKernelIsRefused() throws IOException {
    Path other = systemMap(TestImages.shared("6.1"));
    assertThatThrownBy(() -> SymbolFile.read(other, TestImages.shared("7.2").vmcoreinfo()))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("another kernel")
        .hasMessageContaining("7.2.13");
  }

  @Test
  void aVmlinuxTellsItsSymbols() throws IOException {
    Snapshot snapshot = TestImages.shared("6.1");
    Path file = directory.resolve("vmlinux");
    Files.write(file, vmlinux(snapshot, List.of("_stext", "init_task", "init_uts_ns", "init_net")));
    Symbols read = SymbolFile.read(file, snapshot.vmcoreinfo());
    assertThat(read.count()).isEqualTo(4);
    for (String name : List.of("_stext", "init_task", "init_net")) {
      assertThat(read.find(name)).isEqualTo(snapshot.symbols().find(name));
    }
    assertThat(read.type(0)).isEqualTo('D');
    assertThat(read.below(read.address(1) + 8)).isEqualTo(1);
  }

  /** An ELF file with these symbols, where they were linked to be, in a section of data. */
  private static byte[] vmlinux(Snapshot snapshot, List<String> names) {
    ByteArrayOutputStream strings = new ByteArrayOutputStream();
    strings.write(0);
    ByteBuffer file = ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN);
    int symbols = 64 + 4 * 64;
    int at = symbols + 24;
    for (String name : names) {
      file.putInt(at, strings.size());
      file.put(at + 4, (byte) 0x11);
      file.putShort(at + 6, (short) 1);
      file.putLong(at + 8, linked(snapshot, snapshot.symbols().find(name).orElseThrow()));
      strings.writeBytes((name + "\0").getBytes(StandardCharsets.US_ASCII));
      at += 24;
    }
    file.put(0, new byte[] {0x7F, 'E', 'L', 'F', 2, 1, 1});
    file.putShort(16, (short) 2).putShort(18, (short) 62);
    file.putLong(40, 64).putShort(58, (short) 64).putShort(60, (short) 4);
    section(file, 1, 1, 3, 0, 0, 0);
    section(file, 2, 2, 0, symbols, at - symbols, 3);
    section(file, 3, 3, 0, at, strings.size(), 0);
    file.put(at, strings.toByteArray());
    return file.array();
  }

  private static void section(
      ByteBuffer file, int index, int type, long flags, long offset, long size, int link) {
    int at = 64 + index * 64;
    file.putInt(at + 4, type).putLong(at + 8, flags);
    file.putLong(at + 24, offset).putLong(at + 32, size).putInt(at + 40, link);
  }

  @Test
  void whatIsNeitherIsRefusedByName() throws IOException {
    Vmcoreinfo info = TestImages.shared("6.1").vmcoreinfo();
    for (String text : List.of("", "hello\n", "ffffffff81000000 T\n", "x".repeat(10_000))) {
      Path file = Files.writeString(directory.resolve("notes.txt"), text);
      assertThatThrownBy(() -> SymbolFile.read(file, info))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("neither a System.map nor a vmlinux");
    }
  }

  @Test
  void spoiledFilesGiveSymbolsOrAMalformedException() {
    Snapshot snapshot = TestImages.shared("6.1");
    byte[] elf = vmlinux(snapshot, List.of("_stext", "init_task", "init_uts_ns"));
    byte[] map =
        "ffffffff81000000 T _stext\nffffffff82c1aa40 D init_task\n0000000000000000 A start\n"
            .getBytes(StandardCharsets.US_ASCII);
    HostileInput.spoil(
        List.of(elf, map),
        bytes -> {
          try {
            Path file = Files.write(directory.resolve("spoiled"), bytes);
            SymbolFile.read(file, snapshot.vmcoreinfo()).below(-1);
          } catch (MalformedException | UnsupportedException | RequestException e) {
            assertThat(e).hasMessageContaining("spoiled");
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
  }
}
