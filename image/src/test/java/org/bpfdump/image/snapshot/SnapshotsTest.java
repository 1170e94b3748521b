// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.memory.DumpFile;
import org.bpfdump.image.memory.PhysicalMemory;
import org.bpfdump.image.memory.SpoiledDump;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
  private final DumpFile file = TestImages.shared("6.1").file();

  /** Opens the image with another VMCOREINFO. */
  private Snapshot open(byte[] note) throws IOException {
    return Snapshots.open(SpoiledDump.of(file, note, Map.of()), Optional.empty());
  }

  private byte[] note() {
    return file.vmcoreinfo().orElseThrow();
  }

  private byte[] without(String start) {
    StringBuilder text = new StringBuilder();
    new String(note(), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> !line.startsWith(start))
        .forEach(line -> text.append(line).append('\n'));
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aDumpWithoutTheNoteIsOpenedByTheTextInItsMemory() throws IOException {
    byte[] page = Arrays.copyOf(note(), PhysicalMemory.PAGE);
    long free = 16;
    assertThat(file.memory().page(free)).isNotNull();
    // An older kernel's text is before it, whose page tables are no more.
    byte[] stale =
        Arrays.copyOf(
            new String(page, StandardCharsets.UTF_8)
                .replaceAll("phys_base\\)=.*\n", "phys_base)=4096\n")
                .getBytes(StandardCharsets.UTF_8),
            PhysicalMemory.PAGE);
    DumpFile silent = SpoiledDump.of(file, null, Map.of(free, stale, free + 1, page));
    try (Snapshot snapshot = Snapshots.open(silent, Optional.empty())) {
      assertThat(snapshot.symbols().find("init_task"))
          .isEqualTo(TestImages.shared("6.1").symbols().find("init_task"));
    }
  }

  @Test
  void aDumpThatDoesNotSayWhatItIsOfIsRefusedWithTheRemedy() {
    byte[] nothing = new byte[0];
    assertThatThrownBy(() -> open(nothing))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("SYMBOL(swapper_pg_dir)");
    assertThatThrownBy(() -> open(without("SYMBOL(swapper_pg_dir)")))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("SYMBOL(swapper_pg_dir)");
    byte[] elsewhere =
        new String(note(), StandardCharsets.UTF_8)
            .replaceAll("phys_base\\)=.*\n", "phys_base)=4096\n")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> open(elsewhere))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("page tables");
  }

  @Test
  void theHeadersOfAKdumpTellWhereTheKernelIsWhenVmcoreinfoDoesNot() throws IOException {
    try (Snapshot snapshot = open(without("NUMBER(phys_base)"))) {
      assertThat(snapshot.root(Root.INIT_PID_NS))
          .isEqualTo(TestImages.shared("6.1").root(Root.INIT_PID_NS));
    }
  }

  @Test
  void aKernelThatDoesNotSayWhereItsSymbolsAreHasTypesButNoRoots() throws IOException {
    try (Snapshot snapshot = open(without("SYMBOL(kallsyms"))) {
      assertThat(snapshot.symbols().count()).isZero();
      assertThat(snapshot.types().has("task_struct")).isTrue();
      assertThatThrownBy(() -> snapshot.root(Root.INIT_PID_NS))
          .isInstanceOf(UnsupportedException.class)
          .hasMessageContaining("init_pid_ns")
          .hasMessageContaining("--symbols System.map");
    }
  }

  @Test
  void symbolsThatContradictVmcoreinfoAreRefused() {
    byte[] wrong =
        new String(note(), StandardCharsets.UTF_8)
            .replaceAll("SYMBOL\\((_stext|init_uts_ns)\\)=.*\n", "SYMBOL($1)=ffffffff81000000\n")
            .getBytes(StandardCharsets.UTF_8);
    assertThatThrownBy(() -> open(wrong))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("symbols")
        .hasMessageContaining("VMCOREINFO");
  }

  @Test
  void aConfigurationInTheKernelIsUnpacked() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(packed)) {
      out.write(
          "# CONFIG_X is not set\nCONFIG_HZ=250\nCONFIG_LOCALVERSION=\"-a=b\"\nCONFIG_SMP=y\n"
              .getBytes(StandardCharsets.UTF_8));
    }
    KernelConfig config = KernelConfig.unpack(packed.toByteArray()).orElseThrow();
    assertThat(config.option("CONFIG_HZ")).contains("250");
    assertThat(config.option("CONFIG_LOCALVERSION")).contains("\"-a=b\"");
    assertThat(config.option("CONFIG_X")).isEmpty();
    assertThat(KernelConfig.unpack(new byte[] {1, 2, 3})).isEmpty();
  }
}
