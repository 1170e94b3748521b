// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an image tells of its machine, and what is its own about running programs on it. */
class ImageKernelTest {
  static List<String> kernels() {
    return TestImages.kernels();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void tellsWhichMachineItIsOf(String kernel) {
    GroundTruth truth = TestImages.truth(kernel);
    String version = truth.file("/proc/version").getFirst();
    String uptime = truth.file("/proc/uptime").getFirst().split(" ", 2)[0];
    try (ImageKernel image = ImageKernel.open(TestImages.file(kernel))) {
      ImageInfo info = image.info();
      assertThat(version).startsWith("Linux version " + info.release() + " ");
      assertThat(version).endsWith(info.version());
      assertThat(info.machine()).isEqualTo("x86_64");
      assertThat(info.cpus()).isEqualTo(2);
      assertThat(info.memory()).isBetween(120L << 20, 128L << 20);
      assertThat((info.pages() + info.absent()) * 4096).isBetween(120L << 20, 128L << 20);
      // The guest wrote it down a moment before.
      Duration told = Duration.ofMillis((long) (1000 * Double.parseDouble(uptime)));
      assertThat(info.uptime().orElseThrow()).isBetween(told, told.plusSeconds(5));
      assertThat(info.time()).isPresent();
      assertThat(info.panic()).isEmpty();
      assertThat(info.task()).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void theLogIsThatOfTheKernel(String kernel) {
    String version = TestImages.truth(kernel).file("/proc/version").getFirst();
    try (ImageKernel image = ImageKernel.open(TestImages.file(kernel))) {
      List<LogRecord> log = image.log().toList();
      assertThat(log.getFirst().text()).isEqualTo(version);
      assertThat(log).hasSizeGreaterThan(100);
      for (int i = 1; i < log.size(); i++) {
        assertThat(log.get(i).sequence()).isGreaterThan(log.get(i - 1).sequence());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void theFirstNamespacesComeFirst(String kernel) {
    try (ImageKernel image = ImageKernel.open(TestImages.file(kernel))) {
      for (ImageNamespace.Kind kind : ImageNamespace.Kind.values()) {
        List<ImageNamespace> all = image.namespaces(kind);
        assertThat(all).isNotEmpty();
        assertThat(all.getFirst().initial()).isTrue();
        assertThat(all).extracting(ImageNamespace::inode).doesNotContain(0L);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"task", "task_file", "bpf_map", "netlink", "tcp6", "ipv6_route"})
  void theExamplesRun(String name) throws IOException {
    for (String kernel : TestImages.kernels()) {
      try (ImageKernel image = ImageKernel.open(TestImages.file(kernel));
          ImageDumper dumper = image.load(ObjectFile.read(Project.example(name)).program());
          ImageDump dump = dumper.open()) {
        assertThat(dump.lines().toList()).isNotEmpty();
        dump.receipt().requireComplete();
      }
    }
  }

  @Test
  void aFunctionOfTheKernelMayBeToldByItsNumber() throws IOException {
    try (ImageKernel image = ImageKernel.open(TestImages.file("7.2"))) {
      int cast = TestImages.shared("7.2").btf().findId("bpf_rdonly_cast", BtfType.Func.class);
      try (ImageDumper dumper = image.load(ByHand.casting("bpf_map", cast, 77));
          ImageDump dump = dumper.open()) {
        byte[] number = dump.stream().readNBytes(8);
        assertThat(number).containsExactly(77, 0, 0, 0, 0, 0, 0, 0);
      }
    }
  }

  @Test
  void aNamespaceThatIsGivenIsTheOneThatIsSeen() throws IOException {
    try (ImageKernel image = ImageKernel.open(TestImages.file("6.1"));
        ImageDumper dumper = image.load(ByHand.letter("task"));
        ImageDump all = dumper.open();
        ImageDump same = dumper.openIn(image.namespaces(ImageNamespace.Kind.PID).getFirst())) {
      assertThat(same.stream().readAllBytes()).isEqualTo(all.stream().readAllBytes());
      ImageNamespace network = image.namespaces(ImageNamespace.Kind.NETWORK).getFirst();
      assertThatThrownBy(() -> dumper.openIn(network, network))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("two namespaces of one kind");
    }
  }

  @Test
  void aDescriptorOfTheRunningKernelMeansNothing() {
    try (ImageKernel image = ImageKernel.open(TestImages.file("6.1"))) {
      assertThatThrownBy(() -> image.load(ByHand.letter("task"), new Parameter.PidFd(3)))
          .isInstanceOf(RequestException.class)
          .hasMessageContaining("name a process of an image by its id");
    }
  }

  @Test
  void whatHasNoMeaningOnADeadKernelIsRefusedByName() {
    int sendSignal = 109;
    try (ImageKernel image = ImageKernel.open(TestImages.file("6.1"))) {
      assertThatThrownBy(() -> image.load(ByHand.calling("task", sendSignal)))
          .isInstanceOf(UnsupportedException.class)
          .hasMessage(
              "program by_hand calls bpf_send_signal, which has no meaning on a dead kernel");
    }
  }

  @Test
  void aMapMustBeOfATypeThatTheTargetWalks() throws IOException {
    try (ImageKernel image = ImageKernel.open(TestImages.file("6.1"))) {
      assertThatThrownBy(() ->
              image.load(
                  ObjectFile.read(Project.example("sk_storage")).program(),
                  new Parameter.MapName("w_hash")))
          .isInstanceOf(RequestException.class)
          .hasMessageContaining("walks no map of type 1, which map 1 is");
    }
  }

  @Test
  void aFileThatIsNotThereIsNamed(@TempDir Path directory) throws IOException {
    Path none = directory.resolve("vmcore");
    assertThatThrownBy(() -> ImageKernel.open(none))
        .isInstanceOf(RequestException.class)
        .hasMessage("cannot read image " + none + ": " + none + " does not exist");
    Files.createDirectory(none);
    assertThatThrownBy(() -> ImageKernel.open(none))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining(none.toString());
  }
}
