// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.bpfdump.btf.BtfFeature;
import org.bpfdump.kernel.Dump;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Fixture;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** On kernels that do not know all of BTF, programs run with what their types become without it. */
@RequiresKernel
class OlderKernelTest {
  /** What a kernel of 5.8, the first with iterators, does not know. */
  private static final Set<BtfFeature> SINCE_ITERATORS =
      EnumSet.complementOf(EnumSet.of(BtfFeature.FUNC, BtfFeature.DATASEC, BtfFeature.FUNC_GLOBAL));

  static Stream<Fixture> withNewTypes() {
    return Fixture.all().stream()
        .filter(f -> f.expect().equals("load") && f.value("against").isEmpty())
        .filter(f -> f.value("map-param").isEmpty() && f.values("pins").isEmpty())
        .filter(f -> f.value("program").isEmpty() && f.value("target").isEmpty())
        // What needs a newer kernel anyway is for none of those.
        .filter(f -> f.value("needs").isEmpty())
        .filter(OlderKernelTest::usesNewTypes);
  }

  private static boolean usesNewTypes(Fixture fixture) {
    try {
      return program(fixture).btf().stream()
          .flatMap(btf -> BtfFeature.usedBy(btf).stream())
          .anyMatch(SINCE_ITERATORS::contains);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static ProgramSpec program(Fixture fixture) throws IOException {
    return ObjectFile.read(fixture.object()).program();
  }

  private static List<String> lines(LiveKernel kernel, Fixture fixture) throws IOException {
    try (LiveDumper dumper = kernel.load(program(fixture));
        Dump dump = dumper.open()) {
      return dump.lines().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("withNewTypes")
  void aProgramWithNewTypesRunsAllTheSame(Fixture fixture) throws IOException {
    OlderKernelDoor door = new OlderKernelDoor(SINCE_ITERATORS);
    try (LiveKernel older = LiveKernel.open(door)) {
      assertThat(lines(older, fixture)).containsAll(fixture.values("output"));
      assertThat(door.refused).isPositive();
      assertThat(door.passed).isPositive();
    }
  }

  @Test
  void thereAreProgramsWithNewTypes() {
    assertThat(withNewTypes()).hasSizeGreaterThan(3);
  }

  @ParameterizedTest
  @EnumSource(BtfFeature.class)
  void theRunningKernelTakesTheProbeOfEachFeatureThatItsOwnTypesUse(BtfFeature feature) {
    try (LiveKernel kernel = LiveKernel.open()) {
      org.bpfdump.live.sys.Bpf bpf = kernel.bpf();
      int result = bpf.btfLoad(feature.probe(java.nio.ByteOrder.nativeOrder()), 0).result();
      if (BtfFeature.usedBy(kernel.btf()).contains(feature)) {
        assertThat(result).isPositive();
      }
      if (result >= 0) {
        bpf.own(result, "probe").close();
      }
    }
  }
}
