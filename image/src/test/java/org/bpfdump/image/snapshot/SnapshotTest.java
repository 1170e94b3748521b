// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.GroundTruth;
import org.bpfdump.image.LogRecord;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.memory.VirtualMemory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SnapshotTest {
  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void tellsTheKernelsNameAsTheGuestDid(String kernel) {
    KernelName name = KernelName.read(TestImages.shared(kernel));
    String version = TestImages.truth(kernel).file("/proc/version").get(0);
    assertThat(version).startsWith("Linux version " + name.release() + " ");
    assertThat(version).endsWith(name.version());
    assertThat(name.machine()).isEqualTo("x86_64");
    assertThat(name.host()).isEqualTo("crashme");
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void tellsTheCommandLineAsTheGuestDid(String kernel) {
    assertThat(CommandLine.read(TestImages.shared(kernel)))
        .contains(TestImages.truth(kernel).file("/proc/cmdline").get(0));
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void tellsTheMachinesAddressesAsTheGuestDid(String kernel) {
    List<String> lines = new ArrayList<>();
    List<Resources.Resource> resources = Resources.read(TestImages.shared(kernel));
    for (Resources.Resource resource : resources) {
      lines.add(
          "%s%08x-%08x : %s"
              .formatted(
                  "  ".repeat(resource.depth()),
                  resource.first(),
                  resource.last(),
                  resource.name()));
    }
    assertThat(lines).isEqualTo(TestImages.truth(kernel).file("/proc/iomem"));
    assertThat(Resources.memoryBytes(resources)).isBetween(127L << 20, 128L << 20);
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void tellsTheTimeALittleAfterTheGuestDid(String kernel) {
    Clocks clocks = Clocks.read(TestImages.shared(kernel)).orElseThrow();
    String uptime = TestImages.truth(kernel).file("/proc/uptime").get(0).split(" ")[0];
    long then = (long) (1e9 * Double.parseDouble(uptime));
    assertThat(clocks.boot()).isBetween(then, then + TimeUnit.SECONDS.toNanos(10));
    assertThat(clocks.monotonic()).isEqualTo(clocks.boot());
    // The guest was made in November 2026.
    assertThat(clocks.real())
        .isCloseTo(TimeUnit.SECONDS.toNanos(1_795_343_200), within(TimeUnit.HOURS.toNanos(1)));
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void hasTheLogFromItsFirstRecordToItsLast(String kernel) {
    KernelLog log = new KernelLog(TestImages.shared(kernel));
    List<LogRecord> records = new ArrayList<>();
    log.forEachRemaining(records::add);
    GroundTruth truth = TestImages.truth(kernel);
    assertThat(records.get(0).text()).isEqualTo(truth.file("/proc/version").get(0));
    assertThat(records.get(1).text())
        .isEqualTo("Command line: " + truth.file("/proc/cmdline").get(0));
    for (int i = 0; i < records.size(); i++) {
      assertThat(records.get(i).sequence()).isEqualTo(i);
      assertThat(records.get(i).level()).isBetween(0, 7);
      assertThat(records.get(i).text()).doesNotContain("\u0000", "\uFFFD");
    }
    assertThat(records).extracting(LogRecord::text).contains("Run /init as init process");
    assertThat(log.broken()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void hasTheModulesWithTheirSymbolsAndTypes(String kernel) {
    Snapshot snapshot = TestImages.shared(kernel);
    List<String> lines = new ArrayList<>();
    for (KernelModule module : snapshot.modules()) {
      lines.add("%s %d 0 - Live 0x%x".formatted(module.name(), module.size(), module.base()));
    }
    assertThat(lines).isEqualTo(TestImages.truth(kernel).file("/proc/modules"));

    KernelModule dummy = snapshot.modules().get(1);
    long setup = dummy.symbols().find("dummy_setup").orElseThrow();
    assertThat(setup).isBetween(dummy.base(), dummy.base() + dummy.size());
    int index = dummy.symbols().below(setup + 1);
    assertThat(dummy.symbols().name(index)).isEqualTo("dummy_setup");
    assertThat(dummy.symbols().type(index)).isEqualTo('t');
    assertThat(dummy.btf().orElseThrow().find("dummy_setup", BtfType.Func.class)).isPresent();

    String sizes = TestImages.truth(kernel).file("/tmp/gt/bpftool_btf.json").get(0);
    for (KernelModule module : snapshot.modules()) {
      int size = module.btf().orElseThrow().toBytes().length;
      assertThat(sizes)
          .containsPattern(
              "\"size\":" + size + ",[^}]*\"kernel\":true,\"name\":\"" + module.name() + "\"");
    }
    KernelModule config = snapshot.modules().get(0);
    BtfType.Struct entry =
        config.btf().orElseThrow().find("fw_cfg_sysfs_entry", BtfType.Struct.class).orElseThrow();
    BtfType.Member first = entry.members().get(0);
    assertThat(first.name()).isEqualTo("kobj");
    assertThat(config.btf().orElseThrow().name(first.type())).isEqualTo("kobject");
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void hasThePerCpuDataOfEachCpu(String kernel) {
    Snapshot snapshot = TestImages.shared(kernel);
    VirtualMemory memory = snapshot.memory();
    assertThat(snapshot.cpus()).isEqualTo(2);
    Field cpu = snapshot.types().field("task_struct", "thread_info.cpu");
    for (int i = 0; i < 2; i++) {
      // Whoever runs on a CPU knows that it does.
      long task = Crash.running(snapshot, i).orElseThrow();
      assertThat(cpu.get(memory, task)).isEqualTo(i);
    }
    assertThat(snapshot.perCpuOffset(2)).isZero();
    assertThat(snapshot.perCpuOffset(-1)).isZero();
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void wasWellWhenItWasTaken(String kernel) {
    Crash crash = Crash.read(TestImages.shared(kernel));
    assertThat(crash.message()).isEmpty();
    assertThat(crash.cpu()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void hasNoConfigurationWhereTheKernelWasBuiltWithout(String kernel) {
    assertThat(KernelConfig.read(TestImages.shared(kernel))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void readsTheMemoryOfProcesses(String kernel) {
    Snapshot snapshot = TestImages.shared(kernel);
    Types types = snapshot.types();
    VirtualMemory memory = snapshot.memory();
    Field arguments = types.field("mm_struct", "arg_start");
    Field space = types.field("task_struct", "mm");
    int link = types.field("task_struct", "tasks").offset();
    long first = snapshot.symbols().find("init_task").orElseThrow();
    int read = 0;
    for (long at = memory.u64(first + link); at != first + link; at = memory.u64(at)) {
      long mm = space.get(memory, at - link);
      if (mm != 0) {
        VirtualMemory own = memory.in(snapshot.space(mm));
        try {
          byte[] name = own.string(arguments.get(memory, mm), 64);
          assertThat(new String(name, StandardCharsets.UTF_8)).matches("/?[a-z/-]+");
          read++;
        } catch (MemoryFaultException e) {
          // Not every process's page of arguments is in the file: then it is known to be missing.
          assertThat(own.absent()).isPositive();
        }
      }
    }
    assertThat(read).isPositive();
  }

  @ParameterizedTest
  @MethodSource("org.bpfdump.image.TestImages#kernels")
  void tellsRootsAndWhatIsMissing(String kernel) {
    Snapshot snapshot = TestImages.shared(kernel);
    assertThat(OptionalLong.of(snapshot.root(Root.INIT_PID_NS)))
        .isEqualTo(snapshot.symbols().find("init_pid_ns"));
    assertThat(snapshot.find(Root.KERNEL_CONFIG_DATA)).isEmpty();
    assertThatThrownBy(() -> snapshot.root(Root.KERNEL_CONFIG_DATA))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("kernel_config_data")
        .hasMessageContaining("--symbols");
  }
}
