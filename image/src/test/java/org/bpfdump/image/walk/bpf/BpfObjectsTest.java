// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import static org.assertj.core.api.Assertions.assertThat;

import org.bpfdump.image.TestImages;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Maps, programs and links of an image are those that the kernel's own iterators showed. */
class BpfObjectsTest {
  private static final Parameter ALL = new Parameter.None();

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void mapsAreThoseThatTheIteratorShowed(String image) {
    Walks walks = new Walks(TestImages.shared(image));
    assertThat(walks.rows(walks.open("bpf_map", ALL), row -> map(walks, row[0])))
        .isEqualTo(Walks.truth(image, "bpf_map"));
    assertThat(walks.notes()).isEmpty();
  }

  private static String map(Walks walks, long map) {
    return "%x id=%d type=%d k=%d v=%d n=%d %s"
        .formatted(
            map,
            walks.get("bpf_map", "id", map),
            walks.get("bpf_map", "map_type", map),
            walks.get("bpf_map", "key_size", map),
            walks.get("bpf_map", "value_size", map),
            walks.get("bpf_map", "max_entries", map),
            walks.text("bpf_map", "name", map));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void programsAreThoseThatTheIteratorShowed(String image) {
    Walks walks = new Walks(TestImages.shared(image));
    assertThat(walks.rows(walks.open("bpf_prog", ALL), row -> program(walks, row[0])))
        .isEqualTo(Walks.truth(image, "bpf_prog"));
    assertThat(walks.notes()).isEmpty();
  }

  private static String program(Walks walks, long program) {
    long aux = walks.get("bpf_prog", "aux", program);
    return "%x id=%d type=%d len=%d %s attach=%s"
        .formatted(
            program,
            walks.get("bpf_prog_aux", "id", aux),
            walks.get("bpf_prog", "type", program),
            walks.get("bpf_prog", "len", program),
            walks.text("bpf_prog_aux", "name", aux),
            walks.text(walks.get("bpf_prog_aux", "attach_func_name", aux)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void linksAreThoseThatTheIteratorShowed(String image) {
    Walks walks = new Walks(TestImages.shared(image));
    assertThat(walks.rows(walks.open("bpf_link", ALL), row -> link(walks, row[0])))
        .isEqualTo(Walks.truth(image, "bpf_link"));
    assertThat(walks.notes()).isEmpty();
  }

  private static String link(Walks walks, long link) {
    long aux = walks.get("bpf_prog", "aux", walks.get("bpf_link", "prog", link));
    return "%x id=%d type=%d prog=%d"
        .formatted(
            link,
            walks.get("bpf_link", "id", link),
            walks.get("bpf_link", "type", link),
            walks.get("bpf_prog_aux", "id", aux));
  }
}
