// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.bpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.GroundTruth;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Elements of an image's maps are what bpftool read from the kernel, and in its order. */
class MapElementsTest {
  private static final String TARGET = "bpf_map_elem";
  private static final Pattern ELEMENT =
      Pattern.compile("\\{\"key\":\\[([^]]*)]([^}]*(?:}[^{]*\\{\"cpu\"[^}]*)*)}");
  private static final Pattern BYTES = Pattern.compile("\"value\":\\[([^]]*)]");

  @ParameterizedTest
  @CsvSource({
    "6.1, w_hash", "6.1, w_array", "6.1, w_lru", "6.1, w_pcpu_arr", "6.1, w_pcpu_hash",
    "7.2, w_hash", "7.2, w_array", "7.2, w_lru", "7.2, w_pcpu_arr", "7.2, w_pcpu_hash"
  })
  void elementsAreThoseThatBpftoolRead(String image, String name) {
    Walks walks = new Walks(TestImages.shared(image));
    Walk walk = walks.open(TARGET, new Parameter.MapName(name));
    long[] last = new long[Walks.MOST_ARGUMENTS];
    List<String> rows =
        walks.rows(
            walk,
            row -> {
              assertThat(walks.text("bpf_map", "name", row[0])).isEqualTo(name);
              last[0] = row[0];
              return hex(walks.bytes(row[1])) + "=" + hex(walks.bytes(row[2]));
            });
    assertThat(rows).isEqualTo(elements(TestImages.truth(image), name)).isNotEmpty();
    long[] arguments = new long[Walks.MOST_ARGUMENTS];
    assertThat(walk.last(arguments)).isTrue();
    assertThat(arguments).isEqualTo(last);
    assertThat(walks.notes()).isEmpty();
  }

  private static List<String> elements(GroundTruth truth, String map) {
    String json = truth.file("/tmp/gt/map_" + map + ".json").getFirst();
    return ELEMENT
        .matcher(json)
        .results()
        .map(element -> {
          Matcher values = BYTES.matcher(element.group(2));
          return hex(element.group(1))
              + "="
              + values.results().map(v -> hex(v.group(1))).collect(Collectors.joining());
        })
        .toList();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Of {@code "0x01","0xff"}. */
  private static String hex(String list) {
    return list.replaceAll("0x|[\",]", "");
  }

  @ParameterizedTest
  @CsvSource({"6.1, w_hash", "7.2, w_hash", "6.1, w_lru", "7.2, w_lru", "7.2, w_array"})
  void everyKeyIsFoundWhereTheWalkMeetsIt(String image, String name) {
    Snapshot snapshot = TestImages.shared(image);
    var memory = snapshot.memory();
    KernelMap map = MapParameter.resolve(snapshot, memory, new Parameter.MapName(name), TARGET);
    MapElements elements = MapElements.of(snapshot, memory, map);
    byte[] key = new byte[(int) map.keySize()];
    int met = 0;
    while (elements.next()) {
      elements.key(key);
      assertThat(elements.find(key)).isEqualTo(elements.value());
      met++;
    }
    assertThat(met).isPositive();
    Arrays.fill(key, (byte) 0xee);
    assertThat(elements.find(key)).isZero();
  }

  @Test
  void aMapIsFoundByItsId() {
    Walks walks = new Walks(TestImages.shared("6.1"));
    List<String> names =
        walks.rows(
            walks.open(TARGET, new Parameter.MapId(2)),
            row -> walks.text("bpf_map", "name", row[0]));
    assertThat(names).hasSize(8).containsOnly("w_array");
  }

  @Test
  void aMapThatIsNotThereIsRefused() {
    assertRefused(new Parameter.MapId(9999), "no map has id 9999");
    assertRefused(new Parameter.MapName("nobody"), "no map is named nobody");
    assertRefused(new Parameter.None(), "target bpf_map_elem walks one map");
  }

  @Test
  void aMapOfAnotherTypeIsRefused() {
    assertRefused(new Parameter.MapName("w_lpm"), "walks no map of type 11, which map 6 is");
    assertRefused(new Parameter.MapName("w_ring"), "walks no map of type 27, which map 7 is");
  }

  private static void assertRefused(Parameter parameter, String message) {
    Snapshot snapshot = TestImages.shared("6.1");
    assertThatThrownBy(() -> Walks.target(TARGET).admit(snapshot, snapshot.memory(), parameter))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bpf_sk_storage_map", "sockmap"})
  void socketTargetsRefuseOtherMaps(String target) {
    Snapshot snapshot = TestImages.shared("6.1");
    assertThatThrownBy(() ->
            Walks.target(target)
                .admit(snapshot, snapshot.memory(), new Parameter.MapName("w_hash")))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("walks no map of type 1, which map 1 is");
  }
}
