// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SectionNameTest {
  @ParameterizedTest
  @CsvSource({
    "iter/task_file, ITERATOR, task_file",
    "iter.s/task, SLEEPABLE_ITERATOR, task",
    "iter, ITERATOR, ''",
    "iter.s, SLEEPABLE_ITERATOR, ''",
    "dump/task, ITERATOR, task",
    "dump/task/file, ITERATOR, task_file",
    "dump//sys/kernel/bpfdump/task/file, ITERATOR, task_file",
    "dump//sys/kernel/bpfdump/ipv6_route/, ITERATOR, ipv6_route",
    "dump//mnt/bpfdump/old/bpfdump/bpf_map, ITERATOR, bpf_map",
    "dump//sys/kernel/bpfdump, BROKEN, ''",
    "dump//sys/fs/bpf/task, BROKEN, ''",
    "iter/, BROKEN, ''",
    "iter/task/file, BROKEN, task/file",
    "iter.x/task, OTHER, ''",
    "iterator/task, OTHER, ''",
    "kprobe/task, OTHER, ''",
    ".text, TEXT, ''",
  })
  void aSectionSaysWhatItsProgramsAreFor(String section, SectionName.Kind kind, String target) {
    SectionName name = SectionName.parse(section);
    assertThat(name.kind()).isEqualTo(kind);
    assertThat(name.target()).isEqualTo(target);
    assertThat(name.autoload()).isTrue();
    SectionName held = SectionName.parse("?" + section);
    assertThat(held.kind()).isEqualTo(kind);
    assertThat(held.name()).isEqualTo(section);
    assertThat(held.autoload()).isFalse();
  }
}
