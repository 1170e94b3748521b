// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.btf.BtfType.Linkage;
import org.bpfdump.spec.KconfigExtern;
import org.bpfdump.spec.KconfigExtern.Form;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;
import org.junit.jupiter.api.Test;

class ExternsTest {
  private static BtfType.Datasec section(Btf btf, String name) {
    return btf.find(name, BtfType.Datasec.class).orElseThrow();
  }

  @Test
  void optionsAreLaidOutByAlignmentSizeAndName() {
    ProgramSpec program = Objects.program("kconfig_kinds");
    MapSpec map = program.maps().getFirst();
    assertThat(map.name()).isEqualTo("kconfig.kconfig");
    assertThat(map.contents())
        .isEqualTo(
            new MapContents.Kconfig(
                43,
                List.of(
                    new KconfigExtern("CONFIG_HZ", 0, 8, Form.UNSIGNED, false),
                    new KconfigExtern("CONFIG_NET", 8, 4, Form.TRISTATE, false),
                    new KconfigExtern("CONFIG_NO_SUCH_NUMBER", 12, 4, Form.SIGNED, true),
                    new KconfigExtern("CONFIG_NR_CPUS", 16, 4, Form.UNSIGNED, true),
                    new KconfigExtern("CONFIG_BPF_SYSCALL", 20, 1, Form.BOOL, false),
                    new KconfigExtern("CONFIG_INET", 21, 1, Form.CHAR, false),
                    new KconfigExtern("CONFIG_NO_SUCH_OPTION", 22, 1, Form.BOOL, true),
                    new KconfigExtern("CONFIG_NO_SUCH_STRING", 23, 4, Form.STRING, true),
                    new KconfigExtern("CONFIG_DEFAULT_HOSTNAME", 27, 16, Form.STRING, true))));
    assertThat(section(program.btf().orElseThrow(), ".kconfig").size()).isEqualTo(43);
  }

  @Test
  void symbolsOfTheKernelAreLeftToIt() {
    ProgramSpec typeless = Objects.program("ksym_typeless");
    assertThat(typeless.relocations())
        .anyMatch(r ->
            r instanceof Relocation.KsymAddress(_, var name, var weak)
                && name.equals("vfs_read")
                && !weak)
        .anyMatch(r ->
            r instanceof Relocation.KsymAddress(_, var name, var weak)
                && name.equals("no_such_symbol")
                && weak);
    ProgramSpec typed = Objects.program("ksym_typed_weak");
    assertThat(typed.relocations())
        .anyMatch(r ->
            r instanceof Relocation.KsymVariable symbol
                && symbol.name().equals("no_such_variable")
                && symbol.weak()
                && symbol.type() != 0);
  }

  @Test
  void functionsOfTheKernelAreCalledAndAskedFor() {
    ProgramSpec program = Objects.program("kfunc_weak");
    assertThat(program.relocations())
        .anyMatch(r -> r instanceof Relocation.KfuncAddress f && f.weak())
        .anyMatch(r ->
            r instanceof Relocation.Kfunc f
                && f.weak()
                && Code.src(program.code().get(f.slot())) == 2
                && Code.immediate(program.code().get(f.slot())) == 0);
  }

  @Test
  void noExternIsLeftInTheTypes() {
    for (String fixture :
        new String[] {"kconfig_kinds", "ksym_typed", "kfunc_task", "kfunc_weak"}) {
      Btf btf = Objects.program(fixture).btf().orElseThrow();
      for (int id = 1; id < btf.size(); id++) {
        BtfType type = btf.type(id);
        if (type instanceof BtfType.Var variable) {
          assertThat(variable.linkage()).as(variable.name()).isNotEqualTo(Linkage.EXTERN);
        } else if (type instanceof BtfType.Func function) {
          assertThat(function.linkage()).as(function.name()).isNotEqualTo(Linkage.EXTERN);
        }
      }
    }
  }

  @Test
  void aDummyVariableStandsForTheFunctionsOfTheirSection() {
    Btf btf = Objects.program("kfunc_task").btf().orElseThrow();
    BtfType.Datasec section = section(btf, ".ksyms");
    assertThat(section.size()).isEqualTo(4 * section.variables().size());
    for (int i = 0; i < section.variables().size(); i++) {
      BtfType.Variable place = section.variables().get(i);
      assertThat(place).isEqualTo(new BtfType.Variable(btf.size() - 1, 4 * i, 4));
    }
    assertThat(btf.type(btf.size() - 1).name()).isEqualTo("dummy_ksym");
  }

  @Test
  void everyDataSectionHasItsSizeAndAscendingOffsets() {
    for (var file : Objects.all()) {
      ObjectFile object;
      try {
        object = Objects.open(file);
      } catch (org.bpfdump.error.BpfdumpException e) {
        continue; // one of those that are there to be refused
      }
      Btf btf = object.btf().orElse(null);
      for (int id = 1; btf != null && id < btf.size(); id++) {
        if (btf.type(id) instanceof BtfType.Datasec section) {
          assertThat(section.size()).as("%s of %s", section.name(), file).isPositive();
          assertThat(section.variables()).extracting(BtfType.Variable::offset).isSorted();
        }
      }
    }
  }

  @Test
  void hiddenVariablesAreStaticToTheKernel() {
    Btf btf = Objects.program("data_hidden_weak").btf().orElseThrow();
    assertThat(btf.find("hidden", BtfType.Var.class).orElseThrow().linkage())
        .isEqualTo(Linkage.STATIC);
  }
}
