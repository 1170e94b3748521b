// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.image.walk.Buffers;
import org.bpfdump.image.walk.SyntheticKernel;
import org.bpfdump.image.walk.WalkContext;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.Room;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.api.Test;

/** A symbol is exported when the module's table has its name at its address. */
class ExportsTest {
  private final SyntheticKernel kernel = new SyntheticKernel(TestImages.shared("7.2").btf());
  private final Exports exports = new Exports(kernel.memory(), kernel.types(), new Room(kernel));
  private final KsymEntry entry =
      new KsymEntry(
          new WalkContext(
              kernel,
              kernel.memory(),
              new Parameter.None(),
              0,
              0,
              (size, _) -> new Buffers.Buffer(1, new byte[size]),
              new Notes()));
  private final long module = kernel.make("module");
  private final int size = kernel.types().size("kernel_symbol");
  private final long table = kernel.bytes(100 * size);
  private int count;

  private void export(long address, String name) {
    long symbol = table + (long) count++ * size;
    long value = kernel.at("kernel_symbol", "value_offset", symbol);
    long text = kernel.at("kernel_symbol", "name_offset", symbol);
    kernel.put(value, Integer.BYTES, address - value);
    kernel.put(text, Integer.BYTES, kernel.string(name) - text);
    kernel.set("module", "syms", module, table);
    kernel.set("module", "num_syms", module, count);
  }

  private boolean has(long address, String name) {
    entry.name(KsymEntry.text(name));
    return exports.has(address, entry);
  }

  @Test
  void nameAndAddressAreBothLookedAt() {
    long code = table + 0x10000;
    export(code + 64, "later");
    export(code, "first");
    export(code + 64, "alias");
    export(code + 32, "between");
    exports.of(module);
    assertThat(has(code, "first")).isTrue();
    assertThat(has(code + 64, "later")).isTrue();
    assertThat(has(code + 64, "alias")).isTrue();
    assertThat(has(code + 32, "between")).isTrue();
    assertThat(has(code, "later")).isFalse();
    assertThat(has(code + 64, "al")).isFalse();
    assertThat(has(code + 16, "first")).isFalse();
    assertThat(has(code - 1, "first")).isFalse();
    assertThat(has(code + 65, "alias")).isFalse();
  }

  @Test
  void aModuleWithoutAnyHasNone() {
    exports.of(module);
    assertThat(has(table, "any")).isFalse();
  }

  @Test
  void moreThanAModuleCanHaveAreRefused() {
    kernel.set("module", "num_syms", module, 1 << 20);
    assertThatThrownBy(() -> exports.of(module))
        .isInstanceOf(BrokenException.class)
        .hasMessageContaining("would export 1048576 symbols");
    assertThat(has(table, "any")).isFalse();
  }
}
