// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.FileInputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.Access;
import org.bpfdump.live.DumperTree;
import org.bpfdump.live.LiveDump;
import org.bpfdump.live.LiveDumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.live.OpenDumper;
import org.bpfdump.live.OpenDumpers;
import org.bpfdump.live.PinnedDumper;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.DescriptorSocket;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NativeCall;
import org.bpfdump.testkit.NoLeaks;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Descriptors of dumpers, whoever has them and however they got there. */
@RequiresKernel
@NoLeaks
class OpenDumpersTest {
  private static final int SELF = (int) ProcessHandle.current().pid();
  private static final int CLONE_FILES = 0x400;

  @TempDir private Path dir;
  private LiveKernel kernel;

  @BeforeEach
  void mount() {
    Exec.of("mount", "-t", "bpf", "bpf", dir.toString()).run().ok();
    kernel = LiveKernel.open();
  }

  @AfterEach
  void unmount() {
    kernel.close();
    Exec.of("umount", dir.toString()).run().ok();
  }

  private List<OpenDumper> of(long pid) {
    return OpenDumpers.of(kernel, (int) pid).dumpers();
  }

  private LiveDumper load(String example) throws IOException {
    return kernel.load(ObjectFile.read(Project.example(example)).program());
  }

  private DumperTree tree() {
    return DumperTree.of(kernel, dir.resolve("tree"));
  }

  private Path pin(String example, String name) throws IOException {
    try (LiveDumper dumper = load(example)) {
      DumperTree.Place place = tree().place(dumper.target(), name);
      tree().pin(dumper, place, Access.OWNER_READS);
      return place.file();
    }
  }

  private static Child opens(Path file) throws IOException {
    return Child.start("exec 17<" + file + "; exec cat");
  }

  @Test
  void everyAnonymousOneOfThisProcessIsThereAndNothingElse() throws IOException {
    List<LiveDumper> dumpers = new ArrayList<>();
    List<LiveDump> dumps = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    int event = NativeCall.call("eventfd", 0, 0);
    try (FileInputStream seqFile = new FileInputStream("/proc/self/maps")) {
      assertThat(seqFile.read()).isPositive();
      for (String example : List.of("task", "task_file", "bpf_map", "netlink", "tcp6", "task")) {
        LiveDumper dumper = load(example);
        dumpers.add(dumper);
        LiveDump dump = dumper.open();
        dumps.add(dump);
        expected.add(
            dump.descriptor() + " " + dumper.target().path() + " " + dumper.programId() + " dump_");
      }

      List<OpenDumper> found = of(SELF);

      assertThat(found)
          .extracting(
              d -> d.fd() + " " + d.target() + " " + d.programId() + " " + cut(d.programName(), 5))
          .containsExactlyInAnyOrderElementsOf(expected);
      assertThat(found).extracting(OpenDumper::file).containsOnly(Optional.empty());
      assertThat(found).extracting(OpenDumper::session).doesNotHaveDuplicates();
      assertThat(found).extracting(OpenDumper::tid).containsOnly(SELF);
      assertThat(found)
          .extracting(OpenDumper::comm)
          .containsOnly(Files.readString(Path.of("/proc/self/comm")).strip());
      assertThat(OpenDumpers.all(kernel).dumpers()).containsAll(found);
      for (OpenDumper dumper : found) {
        String id = Integer.toString(dumper.programId());
        assertThat(Exec.of("bpftool", "-j", "prog", "show", "id", id).run().ok().out())
            .contains("\"name\":\"" + dumper.programName());
      }
    } finally {
      dumps.forEach(LiveDump::close);
      dumpers.forEach(LiveDumper::close);
      NativeCall.call("close", event);
    }
    assertThat(of(SELF)).isEmpty();
  }

  private static String cut(String text, int length) {
    return text.substring(0, Math.min(length, text.length()));
  }

  @Test
  void howFarAPassHasComeIsSeen() throws IOException {
    try (LiveDumper dumper = load("bpf_map"); // a line each, and a heading
        LiveDump dump = dumper.open()) {
      assertThat(of(SELF)).extracting(OpenDumper::passed).containsExactly(0L);
      assertThat(of(SELF)).extracting(OpenDumper::ended).containsExactly(false);

      try (Arena arena = Arena.ofConfined()) {
        MemorySegment one = arena.allocate(1);
        assertThat(dump.read(one)).isEqualTo(1);
      }
      assertThat(of(SELF)).extracting(OpenDumper::ended).containsExactly(false);

      long lines = new String(dump.stream().readAllBytes(), StandardCharsets.UTF_8).lines().count();
      OpenDumper end = of(SELF).getFirst();
      assertThat(end.ended()).isTrue();
      assertThat(end.passed()).isEqualTo(lines - 2);
    }
  }

  @Test
  void theLinkMayBeGone() throws IOException {
    LiveDumper dumper = load("task");
    int program = dumper.programId();
    int link = dumper.linkId();
    try (LiveDump dump = dumper.open()) {
      dumper.close();
      assertThat(Exec.of("bpftool", "link", "show", "id", "" + link).run().exitCode()).isNotZero();

      OpenDumper found = of(SELF).getFirst();

      assertThat(found.fd()).isEqualTo(dump.descriptor());
      assertThat(found.programId()).isEqualTo(program);
      assertThat(found.target()).isEqualTo("task");
    }
  }

  @Test
  void anOpenedFileHasItsPathAndItsLinkAlsoAfterItsNameIsRemoved() throws IOException {
    Path file = pin("task_file", "f (deleted)");
    PinnedDumper pinned = tree().pinned(kernel.target("task/file"), "f (deleted)");
    Path other = pin("task", "t");
    try (Child child = Child.start("exec 17<'" + file + "' 18<" + other + "; exec cat")) {
      List<OpenDumper> found = of(child.pid());

      assertThat(found).extracting(OpenDumper::fd).containsExactly(17, 18);
      assertThat(found).extracting(OpenDumper::target).containsExactly("task/file", "task");
      OpenDumper.File opened = found.getFirst().file().orElseThrow();
      assertThat(opened).isEqualTo(new OpenDumper.File(file.toString(), false, pinned.linkId()));
      assertThat(Files.readSymbolicLink(Path.of("/proc/" + child.pid() + "/fd/17")))
          .isEqualTo(file);
      assertThat(Exec.of("bpftool", "-j", "link", "show", "id", "" + opened.linkId()).run().out())
          .contains("\"prog_id\":" + found.getFirst().programId() + ",")
          .contains("\"target_name\":\"task_file\"");
      assertThat(found.getFirst().comm()).isEqualTo("cat");

      Files.delete(file);

      assertThat(of(child.pid()))
          .extracting(OpenDumper::file)
          .contains(Optional.of(new OpenDumper.File(file.toString(), true, pinned.linkId())));
    }
  }

  @Test
  void whoHasOpenedAFileGoesOnWithTheProgramThatItHadThen() throws IOException {
    Path file = pin("task", "t");
    Target task = kernel.target("task");
    int before = tree().pinned(task, "t").programId();
    try (Child early = opens(file);
        LiveDumper next = load("task")) {
      tree().replace(tree().pinned(task, "t"), next);
      try (Child late = opens(file)) {
        OpenDumper old = of(early.pid()).getFirst();
        OpenDumper replaced = of(late.pid()).getFirst();

        assertThat(old.programId()).isEqualTo(before);
        assertThat(replaced.programId()).isEqualTo(next.programId()).isNotEqualTo(before);
        assertThat(replaced.file()).isEqualTo(old.file());
        assertThat(replaced.session()).isNotEqualTo(old.session());
      }
    }
  }

  @Test
  void oneThatIsInheritedIsFoundWithBothAndIsOnePass() throws Exception {
    Path file = pin("task", "t");
    try (Child child = Child.start("exec 17<" + file + "; sleep 600 & exec cat")) {
      ProcessHandle heir = child.process().children().findFirst().orElseThrow();
      try {
        OpenDumper parents = of(child.pid()).getFirst();
        OpenDumper childs = of(heir.pid()).getFirst();

        assertThat(childs.pid()).isEqualTo((int) heir.pid());
        assertThat(childs.fd()).isEqualTo(17);
        assertThat(childs.session()).isEqualTo(parents.session());
        assertThat(childs.file()).isEqualTo(parents.file());
      } finally {
        heir.destroyForcibly(); // its parent never waits for it
        for (int wait = 0; !of(heir.pid()).isEmpty() && wait < 500; wait++) {
          Thread.sleep(10);
        }
      }
    }
  }

  @Test
  void oneThatCameThroughASocketIsFoundWhereItIsNow(@TempDir Path place) throws IOException {
    Path path = place.resolve("socket");
    try (DescriptorSocket listening = DescriptorSocket.listen(path);
        Child child = java(ReceiverMain.class, path.toString())) {
      int program;
      try (DescriptorSocket socket = listening.accept();
          LiveDumper dumper = load("bpf_map");
          LiveDump dump = dumper.open()) {
        program = dumper.programId();
        socket.send(dump.descriptor());
      }
      int fd = Integer.parseInt(child.line());

      List<OpenDumper> found = of(child.pid());

      assertThat(found).extracting(OpenDumper::fd).containsExactly(fd);
      assertThat(found).extracting(OpenDumper::programId).containsExactly(program);
      assertThat(found).extracting(OpenDumper::target).containsExactly("bpf_map");
      assertThat(of(SELF)).isEmpty();
    }
  }

  private static Child java(Class<?> main, String argument) throws IOException {
    return Child.start(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Xmx128m",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        System.getProperty("java.class.path"),
        main.getName(),
        argument);
  }

  @Test
  void aThreadWithDescriptorsOfItsOwnIsTold() throws Exception {
    CompletableFuture<Integer> opened = new CompletableFuture<>();
    CountDownLatch looked = new CountDownLatch(1);
    try (LiveDumper dumper = load("task")) {
      Thread thread =
          Thread.ofPlatform()
              .start(() -> {
                NativeCall.call("unshare", CLONE_FILES);
                try (LiveDump dump = dumper.open()) {
                  opened.complete(dump.descriptor());
                  looked.await();
                } catch (InterruptedException | RuntimeException | Error e) {
                  opened.completeExceptionally(e);
                }
              });
      try {
        int fd = opened.get();

        List<OpenDumper> found = of(SELF);

        assertThat(found).extracting(OpenDumper::fd).containsExactly(fd);
        int tid = found.getFirst().tid();
        assertThat(tid).isNotEqualTo(SELF);
        assertThat(Files.readSymbolicLink(Path.of("/proc/self/task/" + tid + "/fd/" + fd)))
            .hasToString("anon_inode:bpf_iter");
        assertThatThrownBy(() -> of(tid))
            .isInstanceOf(RequestException.class)
            .hasMessage(tid + " is a thread of process " + SELF + ": ask for " + SELF);
      } finally {
        looked.countDown();
        thread.join();
      }
    }
  }

  @Test
  void aProcessThatIsNotThereIsAnError() throws IOException {
    int gone;
    try (Child child = Child.start("exec cat")) {
      gone = child.pid();
    }
    assertThatThrownBy(() -> of(gone))
        .isInstanceOf(RequestException.class)
        .hasMessage("no process has id " + gone);
  }
}
