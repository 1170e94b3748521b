// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.Processor;
import org.bpfdump.image.vm.Regions;
import org.bpfdump.image.vm.map.MapTable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Lookups in the maps of the guests, against what bpftool dumped there. */
class ImageMapsTest {
  private static final int LOOKUP = 1;

  static List<String> kernels() {
    return TestImages.kernels();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void findWhatTheGuestHadPutIn(String kernel) {
    Snapshot snapshot = TestImages.shared(kernel);
    HelperState helpers = new HelperState(snapshot, MapTable.none());
    Unlimited machine =
        new Unlimited(new Processor(snapshot, snapshot.memory(), new Regions(), null, helpers));
    for (String name : List.of("w_hash", "w_array", "w_lru")) {
      long map = address(kernel, name);
      String json = TestImages.truth(kernel).file("/tmp/gt/map_" + name + ".json").getFirst();
      Matcher element = Pattern.compile("\"key\":\\[(.*?)],\"value\":\\[(.*?)]").matcher(json);
      int count = 0;
      while (element.find()) {
        byte[] key = bytes(element.group(1));
        byte[] value = bytes(element.group(2));
        long at = lookup(machine, map, key);
        byte[] found = new byte[value.length];
        assertThat(machine.read(at, found, 0, found.length)).isZero();
        assertThat(found).isEqualTo(value);
        count++;
      }
      assertThat(count).as(name).isPositive();
      byte[] none = new byte[bytes(json.replaceAll("(?s)^.*?\\[.*?\\[(.*?)].*$", "$1")).length];
      java.util.Arrays.fill(none, (byte) 0x7F);
      assertThat(lookup(machine, map, none)).isZero();
    }
  }

  private static long lookup(Unlimited machine, long map, byte[] key) {
    long at = machine.own().add(key, false);
    return Helpers.find(LOOKUP).orElseThrow().call(machine, map, at, 0, 0, 0);
  }

  private static long address(String kernel, String name) {
    return TestImages.truth(kernel).iterator("bpf_map").stream()
        .filter(line -> line.endsWith(" " + name))
        .map(line -> Long.parseUnsignedLong(line.substring(0, line.indexOf(' ')), 16))
        .findFirst()
        .orElseThrow();
  }

  private static byte[] bytes(String list) {
    String[] words = list.replace("\"", "").split(",");
    byte[] bytes = new byte[words.length];
    for (int i = 0; i < words.length; i++) {
      bytes[i] = (byte) Integer.decode(words[i]).intValue();
    }
    return bytes;
  }
}
