// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.bpfdump.error.IncompleteException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.obj.ObjectFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a receipt says of memory that the machine had and the file has not. */
class MissingMemoryTest {
  private static final Parameter INIT = new Parameter.Tid(1);

  @Test
  void whereOnlyTheProgramMeetsItItReadsZeroAndIsCounted() throws IOException {
    // The kernel's code was left out of the committed images.
    try (ImageKernel image = ImageKernel.open(TestImages.file("7.2"));
        ImageDumper dumper = image.load(ByHand.memory("task", "_stext"), INIT);
        ImageDump dump = dumper.open()) {
      assertThat(dump.stream().readAllBytes()).isEqualTo(new byte[16]);
      assertThat(dump.receipt().faults()).isEqualTo(2);
      assertThat(dump.receipt().notes()).isEmpty();
      assertThat(dump.receipt()).hasToString("16 bytes, 2 reads, 0 retries, 2 faults, complete");
    }
  }

  @Test
  void memoryThatIsThereIsNoFault() throws IOException {
    try (ImageKernel image = ImageKernel.open(TestImages.file("7.2"));
        ImageDumper dumper = image.load(ByHand.memory("task", "init_task"), INIT);
        ImageDump dump = dumper.open()) {
      assertThat(dump.stream().readAllBytes()).isNotEqualTo(new byte[16]);
      assertThat(dump.receipt().faults()).isZero();
    }
  }

  @Test
  void aSymbolThatIsNotThereIsNamed() {
    try (ImageKernel image = ImageKernel.open(TestImages.file("7.2"))) {
      assertThatThrownBy(() -> image.load(ByHand.memory("task", "no_such_symbol")))
          .isInstanceOf(RelocationException.class)
          .hasMessageContaining("symbol no_such_symbol is not among this kernel's symbols");
    }
  }

  @Test
  void whereTheWalkMeetsItTheDumpIsIncompleteAndSaysWhere(@TempDir Path directory)
      throws IOException {
    Path cut = directory.resolve("cut.elf");
    Files.copy(TestImages.file("6.1"), cut);
    try (FileChannel file = FileChannel.open(cut, StandardOpenOption.WRITE)) {
      file.truncate(file.size() / 10 * 9);
    }
    try (ImageKernel image = ImageKernel.open(cut);
        ImageDumper dumper = image.load(ObjectFile.read(TestImages.program("task")).program());
        ImageDump dump = dumper.open()) {
      dump.stream().readAllBytes();
      Receipt receipt = dump.receipt();
      assertThat(receipt.complete()).isFalse();
      assertThat(receipt.faults()).isPositive();
      assertThat(receipt.notes()).isNotEmpty();
      assertThat(receipt.notes().getFirst())
          .startsWith("the tasks: no memory at 0x")
          .endsWith(" in this image");
      assertThat(receipt.missing().orElseThrow()).startsWith(receipt.notes().getFirst());
      assertThatThrownBy(receipt::requireComplete).isInstanceOf(IncompleteException.class);
      assertThat(image.info().missing().getFirst()).contains("pages that the file should have");
    }
  }
}
