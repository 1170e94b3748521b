// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Instruction;
import org.bpfdump.asm.Wide;
import org.bpfdump.btf.BtfType;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.ProgramSpec.FunctionInfo;
import org.bpfdump.spec.ProgramSpec.LineInfo;
import org.bpfdump.spec.Relocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlattenerTest {
  private static List<String> functions(ProgramSpec program) {
    List<String> names = new ArrayList<>();
    for (FunctionInfo function : program.functions()) {
      names.add(program.btf().orElseThrow().name(function.type()));
    }
    return names;
  }

  /** Slots that calls and callbacks of a program lead to. */
  private static List<Integer> targets(Code code) {
    List<Integer> targets = new ArrayList<>();
    for (int slot = 0; slot < code.size(); ) {
      Instruction instruction = Instruction.decode(code, slot);
      if (instruction instanceof Instruction.CallFunction(int offset)) {
        targets.add(slot + 1 + offset);
      } else if (instruction instanceof Instruction.LoadWide load && load.kind() == Wide.FUNC) {
        targets.add(slot + 1 + load.low());
      }
      slot += instruction.slots();
    }
    return targets;
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 19, 22})
  void aChainOfFunctionsFollowsItsProgramDepthFirst(int clang) {
    ObjectFile object = Objects.fixture("prog_chain", clang);
    ProgramSpec one = object.program("one");
    assertThat(functions(one)).containsExactly("one", "a", "b", "c");
    ProgramSpec two = object.program("two");
    assertThat(functions(two)).containsExactly("two", "b", "c");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "prog_static_subprogram",
        "prog_static_in_section",
        "prog_global_subprogram",
        "prog_callback_loop",
        "prog_callback_map"
      })
  void everyCallAndCallbackLeadsToTheStartOfAFunction(String fixture) {
    for (int clang : new int[] {14, 19, 22}) {
      ProgramSpec program = Objects.fixture(fixture, clang).program();
      List<Integer> starts = program.functions().stream().map(FunctionInfo::slot).toList();
      assertThat(starts).hasSizeGreaterThan(1).startsWith(0);
      assertThat(targets(program.code())).isNotEmpty().allMatch(starts::contains);
    }
  }

  @Test
  void callbacksStayStatic() {
    ProgramSpec program = Objects.program("prog_callback_loop");
    assertThat(program.btf().orElseThrow().type(program.functions().getLast().type()))
        .isInstanceOfSatisfying(
            BtfType.Func.class,
            function -> assertThat(function.linkage()).isEqualTo(BtfType.Linkage.STATIC));
  }

  @Test
  void linesAndRelocationsOfAFunctionMoveWithIt() {
    ProgramSpec program = Objects.fixture("prog_chain").program("one");
    for (FunctionInfo function : program.functions()) {
      assertThat(program.lines()).extracting(LineInfo::slot).contains(function.slot());
    }
    assertThat(program.lines())
        .extracting(LineInfo::slot)
        .isSorted()
        .doesNotHaveDuplicates()
        .allMatch(slot -> slot < program.code().size());
    assertThat(program.relocations()).extracting(Relocation::slot).isSorted();
    int third = program.functions().getLast().slot();
    assertThat(program.relocations())
        .anyMatch(r -> r instanceof Relocation.MapValue && r.slot() > third);
  }

  @Test
  void aLineHasItsNumberFileAndText() {
    ProgramSpec program = Objects.open(Objects.example("task")).program();
    LineInfo first = program.lines().getFirst();
    assertThat(first.slot()).isZero();
    assertThat(first.line()).isPositive();
    assertThat(program.btf().orElseThrow().string(first.file())).endsWith("task.bpf.c");
    assertThat(program.btf().orElseThrow().string(first.text())).contains("ctx->meta->seq");
  }

  @Test
  void onlyTheMapsThatAProgramRefersToGoWithIt() {
    ObjectFile object = Objects.fixture("map_prog_array");
    assertThat(object.maps())
        .extracting(MapSpec::name)
        .containsExactly("programs", "map_prog.rodata");
    assertThat(object.program("callee").maps())
        .extracting(MapSpec::name)
        .containsExactly("map_prog.rodata");
  }

  @Test
  void coreRelocationsKeepTheirPaths() {
    ProgramSpec program = Objects.open(Objects.example("task")).program();
    assertThat(program.relocations())
        .filteredOn(Relocation.Core.class::isInstance)
        .extracting(r -> ((Relocation.Core) r).relocation().access())
        .startsWith("0:0")
        .allMatch(access -> access.matches("\\d+(:\\d+)*"));
  }
}
