// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Targets that are one list of the kernel. */
class ObjectListsTest {
  private static final Parameter ALL = new Parameter.None();

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void slabCachesAreThereTheOldestLast(String image) {
    Walks walks = new Walks(TestImages.shared(image));
    List<String> names =
        walks.rows(
            walks.open("kmem_cache", ALL),
            row -> walks.text(walks.get("kmem_cache", "name", row[0])));
    assertThat(walks.notes()).isEmpty();
    assertThat(names)
        .contains("task_struct", "dentry", "kmalloc-8", "TCP", "TCPv6")
        .endsWith("kmem_cache_node", "kmem_cache")
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void aPassOverNoDmaBuffersEndsWithoutALastCall(String image) {
    Walks walks = new Walks(TestImages.shared(image));
    Walk walk = walks.open("dmabuf", ALL);
    long[] arguments = LongStream.range(0, Walks.MOST_ARGUMENTS).toArray();
    assertThat(walk.next(arguments)).isFalse();
    assertThat(walk.last(arguments)).isFalse();
    assertThat(walks.notes()).isEmpty();
  }
}
