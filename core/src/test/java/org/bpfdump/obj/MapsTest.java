// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
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

  /** The numbers are what a kernel holds after libbpf has loaded the same object. */
  @ParameterizedTest
  @CsvSource({
    // fixture, map, type, key, value, entries, flags
    "map_hash, hash, 1, 8, 16, 16, 0",
    "map_sizes, array, 2, 4, 12, 2, 0",
    "map_sizes_and_types, array, 2, 4, 8, 1, 0",
    "map_prog_array, programs, 3, 4, 4, 2, 0",
    "map_perf_and_stack, events, 4, 4, 4, 0, 0",
    "map_percpu_lru, percpu, 5, 4, 8, 4, 0",
    "map_percpu_lru, percpu_array, 6, 4, 8, 4, 0",
    "map_perf_and_stack, stacks, 7, 4, 128, 8, 0",
    "map_percpu_lru, lru, 9, 4, 8, 4, 0",
    "map_percpu_lru, lru_percpu, 10, 4, 8, 4, 0",
    "map_lpm_trie, trie, 11, 8, 4, 8, 1",
    "map_of_maps, array_outer, 12, 4, 4, 4, 0",
    "map_of_maps, hash_outer, 13, 4, 4, 4, 0",
    "map_queue_stack, queue, 22, 0, 4, 2, 0",
    "map_queue_stack, stack, 23, 0, 4, 2, 0",
    "map_storage, sk_storage, 24, 4, 8, 0, 1",
    "map_ringbuf, ring, 27, 0, 0, 4096, 0",
    "map_storage, inode_storage, 28, 4, 8, 0, 1",
    "map_storage, task_storage, 29, 4, 8, 0, 1",
    "map_bloom_filter, bloom, 30, 0, 4, 100, 0",
    "map_storage, cgrp_storage, 32, 4, 8, 0, 1",
    "data_sections, data_sec.data, 2, 4, 132, 1, 1024",
    "data_sections, .data.custom, 2, 4, 4, 1, 1024",
    "data_bss_custom, .bss.custom, 2, 4, 8, 1, 1024",
  })
  void everyKindOfMapIsRead(
      String fixture, String name, int type, int key, int value, int entries, int flags) {
    MapSpec spec = map(fixture, name);
    assertThat(
            new int[] {
              spec.type(), spec.keySize(), spec.valueSize(), spec.maxEntries(), spec.flags()
            })
        .containsExactly(type, key, value, entries, flags);
  }

  @Test
  void typesAreGivenToTheMapsThatTakeThem() {
    MapSpec hash = map("map_hash", "hash");
    assertThat(hash.keyType()).isPositive();
    assertThat(hash.valueType()).isPositive();
    MapSpec queue = map("map_queue_stack", "queue");
    assertThat(queue.keyType()).isZero();
    assertThat(queue.valueType()).isZero();
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
  void dataIsNamedAfterItsObjectAndSection(String file, String name) throws IOException {
    byte[] bytes = Files.readAllBytes(Objects.example("task"));
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
