// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.QueryException;
import org.bpfdump.kernel.Targets;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Shown;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.syntax.Parser;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Test;

/** Symbols, on kernels that tell programs of them, and on such as do not. */
class SymbolsTest {
  private static Cell cell(String version, String text) {
    Btf btf = Btf.parse(KernelBtf.bytes(version));
    var query = Parser.query(text);
    var target = Targets.named(Targets.in(btf, "", Set.of()), query.target());
    return new Checker(btf, target, false).check(query).columns().getFirst().cell();
  }

  @Test
  void aPointerToAFunctionIsItsSymbolWhereThatCanBeHad() {
    String text = "task: restart_block.fn";
    assertThat(cell("7.3", text))
        .isInstanceOfSatisfying(
            Cell.Characters.class, c -> assertThat(c.text()).isInstanceOf(Text.SymbolAt.class));
    assertThat(cell("5.10", text))
        .isInstanceOfSatisfying(
            Cell.Scalar.class, c -> assertThat(c.shown()).isEqualTo(new Shown.Hexadecimal()));
  }

  @Test
  void askedForItIsRefusedAndAnotherCanBeTaken() {
    assertThatThrownBy(() -> cell("5.10", "task: ksym(restart_block.fn)"))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("this kernel tells programs no symbols");
    assertThat(cell("5.10", "task: either(ksym(restart_block.fn), (void *)restart_block.fn)"))
        .isInstanceOf(Cell.Scalar.class);
  }

  @Test
  void memoryOfEachCpuIsRefusedWhereItCannotBeHad() {
    assertThatThrownBy(() -> cell("5.10", "task: percpu(mm, 0)"))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("memory of each CPU cannot be read here");
  }
}
