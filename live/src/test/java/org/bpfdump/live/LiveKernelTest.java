// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.bpfdump.error.IncompleteException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What the running kernel does with programs that need nothing of it but a target. */
@RequiresKernel
class LiveKernelTest {
  private static byte[] bytes(LiveKernel kernel, String target, Parameter parameter)
      throws IOException {
    try (LiveDumper dumper = kernel.load(Programs.letterForEach(target), parameter);
        Dump dump = dumper.open()) {
      byte[] bytes = dump.stream().readAllBytes();
      assertThat(dump.receipt().complete()).isTrue();
      assertThat(dump.receipt().bytes()).isEqualTo(bytes.length);
      return bytes;
    }
  }

  @Test
  void everyTargetOfThisKernelCanBeDumped() throws IOException {
    try (LiveKernel kernel = LiveKernel.open()) {
      for (Target target : kernel.targets()) {
        if (target.parameters().contains(Parameter.Kind.MAP)) {
          assertThatThrownBy(() -> kernel.load(Programs.letterForEach(target.name())))
              .isInstanceOf(RequestException.class)
              .hasMessageContaining("--map");
        } else {
          bytes(kernel, target.name(), new Parameter.None());
        }
      }
    }
  }

  @Test
  void aThreadIsOneTask() throws IOException {
    int self = (int) ProcessHandle.current().pid();
    try (LiveKernel kernel = LiveKernel.open()) {
      // Once for the thread, once for the end.
      assertThat(bytes(kernel, "task", new Parameter.Tid(self))).containsExactly('A', 'A');
      int threads = Thread.getAllStackTraces().size();
      assertThat(bytes(kernel, "task", new Parameter.Pid(self))).hasSizeGreaterThan(threads);
    }
  }

  @Test
  void aParameterMustBeOneThatTheTargetTakes() {
    try (LiveKernel kernel = LiveKernel.open()) {
      assertThatThrownBy(() -> kernel.load(Programs.letterForEach("netlink"), new Parameter.Tid(1)))
          .isInstanceOf(RequestException.class)
          .hasMessage("target netlink takes no thread or process: it takes no parameter");
      assertThatThrownBy(() -> kernel.load(Programs.letterForEach("task"), new Parameter.MapId(1)))
          .isInstanceOf(RequestException.class)
          .hasMessage("target task takes no map: it takes a thread or process");
    }
  }

  @Test
  void aParameterThatIsNotThereIsNamed() {
    try (LiveKernel kernel = LiveKernel.open()) {
      assertThatThrownBy(() ->
              kernel.load(
                  Programs.letterForEach("bpf_map_elem"), new Parameter.MapId(Integer.MAX_VALUE)))
          .isInstanceOf(RequestException.class)
          .hasMessageStartingWith("no map has id 2147483647");
      assertThatThrownBy(() ->
              kernel.load(
                  Programs.letterForEach("bpf_map_elem"), new Parameter.MapName("nobody_has_this")))
          .isInstanceOf(RequestException.class)
          .hasMessageStartingWith("no map is named nobody_has_this");
      assertThatThrownBy(
              () -> kernel.load(Programs.letterForEach("task"), new Parameter.PidFd(1 << 20)))
          .isInstanceOf(RequestException.class)
          .hasMessageContaining("for descriptor 1048576 as a pidfd");
      assertThatThrownBy(() ->
              kernel.load(
                  Programs.letterForEach("cgroup"),
                  new Parameter.CgroupPath(Path.of("/nosuch"), Parameter.Order.SELF_ONLY)))
          .isInstanceOf(RequestException.class)
          .hasMessage("cannot read cgroup /nosuch: no such directory");
    }
  }

  @Test
  void anUnknownTargetIsAnsweredWithThoseThereAre() {
    try (LiveKernel kernel = LiveKernel.open()) {
      assertThatThrownBy(() -> kernel.load(Programs.letterForEach("teapot")))
          .isInstanceOf(UnsupportedException.class)
          .hasMessageContaining("unknown target teapot: this kernel has bpf_link, bpf_map, ");
    }
  }

  @Test
  void aProgramThatNeverAcceptsAnObjectEndsIncomplete() {
    try (LiveKernel kernel = LiveKernel.open();
        LiveDumper dumper = kernel.load(Programs.returning("task", 1));
        Dump dump = dumper.open()) {
      assertThatThrownBy(() -> dump.stream().readAllBytes())
          .isInstanceOf(IncompleteException.class)
          .hasMessageContaining("returned 1 for the same object");
      assertThat(dump.receipt().complete()).isFalse();
    }
  }

  @Test
  void anObjectThatWritesMoreThanTheKernelsBufferEndsIncomplete() throws IOException {
    try (LiveKernel kernel = LiveKernel.open()) {
      // One block short of the buffer still passes.
      try (LiveDumper dumper = kernel.load(Programs.blocks("netlink", 63));
          Dump dump = dumper.open()) {
        assertThat(dump.stream().readAllBytes().length % (63 * Programs.STACK)).isZero();
      }
      try (LiveDumper dumper = kernel.load(Programs.blocks("netlink", 64));
          Dump dump = dumper.open()) {
        assertThatThrownBy(() -> dump.stream().readAllBytes())
            .isInstanceOf(IncompleteException.class)
            .hasMessageContaining("32767 bytes, E2BIG");
      }
    }
  }

  /** A cgroup hierarchy of its own, with two children, for machines that mount none. */
  private static void withCgroups(Path root, Executable test) throws Throwable {
    Exec.of("mount", "-t", "cgroup2", "none", root.toString()).run().ok();
    try {
      Path parent = Files.createDirectory(root.resolve("bpfdump-test"));
      Path child = Files.createDirectory(parent.resolve("child"));
      try {
        test.execute();
      } finally {
        Files.delete(child);
        Files.delete(parent);
      }
    } finally {
      Exec.of("umount", root.toString()).run().ok();
    }
  }

  @Test
  void cgroupsAreWalkedFromTheOneThatIsNamed(@TempDir Path root) throws Throwable {
    withCgroups(
        root,
        () -> {
          Path parent = root.resolve("bpfdump-test");
          try (LiveKernel kernel = LiveKernel.open()) {
            Parameter self = new Parameter.CgroupPath(parent, Parameter.Order.SELF_ONLY);
            Parameter down = new Parameter.CgroupPath(parent, Parameter.Order.DESCENDANTS_POST);
            Parameter up = new Parameter.CgroupPath(parent, Parameter.Order.ANCESTORS_UP);
            // Each once, and the end.
            assertThat(bytes(kernel, "cgroup", self)).hasSize(1 + 1);
            assertThat(bytes(kernel, "cgroup", down)).hasSize(2 + 1);
            assertThat(bytes(kernel, "cgroup", up)).hasSize(2 + 1);
            Parameter elsewhere =
                new Parameter.CgroupPath(Path.of("/proc"), Parameter.Order.SELF_ONLY);
            assertThatThrownBy(() -> kernel.load(Programs.letterForEach("cgroup"), elsewhere))
                .isInstanceOf(RequestException.class)
                .hasMessageContaining("/proc is no cgroup of the unified hierarchy");
          }
        });
  }

  @Test
  void cgroupsThatWriteMoreThanOneBufferEndIncomplete(@TempDir Path root) throws Throwable {
    withCgroups(
        root,
        () -> {
          try (LiveKernel kernel = LiveKernel.open();
              LiveDumper dumper = kernel.load(Programs.blocks("cgroup", 40));
              Dump dump = dumper.open()) {
            InputStream stream = dump.stream();
            assertThat(stream.readNBytes(40 * Programs.STACK)).hasSize(40 * Programs.STACK);
            assertThatThrownBy(stream::read)
                .isInstanceOf(IncompleteException.class)
                .hasMessageContaining("can be read only once (EOPNOTSUPP)");
          }
        });
  }

  @Test
  void aDumpOutlivesItsDumperAndItsKernel() throws IOException {
    Dump dump;
    try (LiveKernel kernel = LiveKernel.open();
        LiveDumper dumper = kernel.load(Programs.letterForEach("task"))) {
      dump = dumper.open();
    }
    try (dump) {
      assertThat(dump.stream().readAllBytes()).isNotEmpty().containsOnly('A');
    }
  }

  @Test
  void everyOpenIsAPassOfItsOwn() throws IOException {
    try (LiveKernel kernel = LiveKernel.open();
        LiveDumper dumper = kernel.load(Programs.letterForEach("bpf_prog"));
        Dump first = dumper.open();
        Dump second = dumper.open()) {
      assertThat(List.of(((LiveDump) first).descriptor(), ((LiveDump) second).descriptor()))
          .doesNotHaveDuplicates();
      byte[] bytes = first.stream().readAllBytes();
      assertThat(second.receipt().bytes()).isZero();
      assertThat(second.stream().readAllBytes()).isEqualTo(bytes);
    }
  }
}
