// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MapsTest {
  private static final int RDONLY_PROG = 0x80;
  private static final int MMAPABLE = 0x400;

  private static MapSpec map(ObjectFile object, String name) {
    return object.maps().stream()
        .filter(spec -> spec.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(name + " in " + object.maps()));
  }

  private static MapSpec map(String fixture, String name) {
    return map(Objects.fixture(fixture), name);
  }

  @Test
  void sizesComeFromTypes() {
    MapSpec spec = map("map_hash", Objects.fixture("map_hash").maps().getFirst().name());
    assertThat(spec.type()).isEqualTo(1);
    assertThat(spec.keySize()).isPositive();
    assertThat(spec.keyType()).isPositive();
    assertThat(spec.valueType()).isPositive();
    assertThat(spec.maxEntries()).isPositive();
  }

  @Test
  void extraOfSixtyFourBitsComesFromAnEnumerator() {
    assertThat(Objects.fixture("map_arena", 19).maps().getFirst().extra()).isEqualTo(1L << 44);
  }

  @Test
  void mapsPinnedByNameSaySo() {
    assertThat(Objects.fixture("map_pinned").maps()).anyMatch(MapSpec::pinned);
    assertThat(Objects.fixture("map_hash").maps()).noneMatch(MapSpec::pinned);
  }

  @Test
  void mapsOfMapsHaveATemplateAndHoldOthersFromTheStart() {
    ProgramSpec program = Objects.program("map_of_maps");
    List<String> names = program.maps().stream().map(MapSpec::name).toList();
    MapSpec array = program.maps().get(names.indexOf("array_outer"));
    assertThat(array.inner()).map(MapSpec::type).contains(2);
    assertThat(array.inner()).map(MapSpec::name).contains("array_outer.inner");
    assertThat(array.valueSize()).isEqualTo(4);
    assertThat(array.valueType()).isZero();
    assertThat(array.contents())
        .isEqualTo(
            new MapContents.Slots(
                List.of(
                    new MapContents.Slot.OfMap(0, names.indexOf("inner1")),
                    new MapContents.Slot.OfMap(2, names.indexOf("inner2")))));
  }

  @Test
  void arraysOfProgramsBringTheirPrograms() {
    ProgramSpec program = Objects.fixture("map_prog_array").program("caller");
    assertThat(program.maps().getFirst().contents())
        .isEqualTo(new MapContents.Slots(List.of(new MapContents.Slot.OfProgram(1, "callee"))));
    assertThat(program.callees())
        .singleElement()
        .satisfies(callee -> {
          assertThat(callee.name()).isEqualTo("callee");
          assertThat(callee.maps()).isEqualTo(program.maps());
          assertThat(callee.callees()).isEmpty();
        });
  }

  @ParameterizedTest
  @CsvSource({
    "map_fail_no_type, does not say its type",
    "map_fail_pinned_inner, pins the maps inside it",
    "map_fail_sizes_disagree, 'two sizes of its value, 8 and 4'",
  })
  void definitionsThatContradictThemselvesAreMalformed(String fixture, String why) {
    assertThatThrownBy(() -> Objects.program(fixture))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "map_fail_static, map array is static or hidden",
    "map_fail_unknown_member, field no_such_option",
  })
  void definitionsThatNoKernelKnowsAreUnsupported(String fixture, String why) {
    assertThatThrownBy(() -> Objects.program(fixture))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "my_object_name.bpf.o, my_objec.rodata",
    "a.o, a.rodata",
    "no-dash, no_dash.rodata",
    "x, x.rodata",
  })
  void dataIsNamedAfterItsObjectAndSection(String file, String name) throws java.io.IOException {
    byte[] bytes = java.nio.file.Files.readAllBytes(Objects.example("task"));
    assertThat(ObjectFile.parse(file, bytes).maps())
        .singleElement()
        .extracting(MapSpec::name)
        .isEqualTo(name);
  }

  @Test
  void constantsAreFrozenAndHaveTheTypeOfTheirSection() {
    ObjectFile object = Objects.open(Objects.example("task"));
    MapSpec constants = map(object, "task.rodata");
    assertThat(constants.type()).isEqualTo(2);
    assertThat(constants.maxEntries()).isEqualTo(1);
    assertThat(constants.flags()).isEqualTo(RDONLY_PROG);
    assertThat(object.btf().orElseThrow().type(constants.valueType()))
        .isInstanceOfSatisfying(
            BtfType.Datasec.class,
            section -> {
              assertThat(section.name()).isEqualTo(".rodata");
              assertThat(section.size()).isEqualTo(constants.valueSize());
            });
    assertThat(constants.contents())
        .isInstanceOfSatisfying(
            MapContents.Data.class,
            data -> {
              assertThat(data.frozen()).isTrue();
              assertThat(new String(data.bytes(), StandardCharsets.UTF_8))
                  .startsWith("    tgid      gid\n\0");
            });
  }

  @Test
  void zeroedDataIsEmptyAndMappableWhereItHasGlobals() {
    MapSpec zeroes = map("prog_chain", "prog_cha.bss");
    assertThat(zeroes.contents()).isEqualTo(new MapContents.Empty());
    assertThat(zeroes.valueSize()).isEqualTo(4);
    assertThat(zeroes.flags()).isEqualTo(MMAPABLE);
  }

  @Test
  void stringsMergedByTheCompilerAreAMapWithoutType() {
    ProgramSpec program = Objects.fixture("prog_sections").program("on_bpf_map");
    assertThat(program.maps())
        .singleElement()
        .satisfies(map -> {
          assertThat(map.name()).isEqualTo(".rodata.str1.1");
          assertThat(map.valueType()).isZero();
        });
    assertThat(program.relocations()).contains(new Relocation.MapValue(4, 0, 6));
  }

  @Test
  void aPointerInDataIsRefused() {
    assertThatThrownBy(() -> Objects.program("data_fail_pointer"))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining("holds pointers");
  }
}
