// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.GroupPrincipal;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.NoLeaks;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumpers as files, in a bpffs of the test's own. */
@RequiresKernel
@NoLeaks
class PinTest {
  @TempDir private Path dir;

  private Path root;
  private LiveKernel kernel;
  private DumperTree tree;

  @BeforeEach
  void mount() throws IOException {
    Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwxr-xr-x"));
    Exec.of("mount", "-t", "bpf", "bpf", dir.toString()).run().ok();
    root = dir.resolve("tree");
    kernel = LiveKernel.open();
    tree = DumperTree.of(kernel, root);
  }

  @AfterEach
  void unmount() {
    kernel.close();
    Exec.of("umount", dir.toString()).run().ok();
  }

  private Path pin(String name, Access access) {
    return pin("task", name, access, new Parameter.None());
  }

  private Path pin(String target, String name, Access access, Parameter parameter) {
    DumperTree.Place place = tree.place(kernel.target(target), name);
    try (LiveDumper dumper = kernel.load(Programs.letterForEach(target), parameter)) {
      tree.pin(dumper, place, access);
    }
    return place.file();
  }

  private static Access mode(int mode) {
    return new Access(mode, Optional.empty(), Optional.empty());
  }

  private static Access group(int mode, String name) throws IOException {
    GroupPrincipal group =
        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByGroupName(name);
    return new Access(mode, Optional.empty(), Optional.of(group));
  }

  private static Exec.Result cat(Path file) {
    return Exec.of("cat", file.toString()).run();
  }

  private static Exec.Result catAs(int gid, Path file) {
    return Exec.of(
            "setpriv",
            "--reuid=65534",
            "--regid=" + gid,
            "--clear-groups",
            "--bounding-set=-all",
            "--inh-caps=-all",
            "--ambient-caps=-all",
            "cat",
            file.toString())
        .run();
  }

  private static String stat(Path file) {
    return Exec.of("stat", "-c", "%a %U %G", file.toString()).run().ok().out().strip();
  }

  private List<String> everything() throws IOException {
    try (Stream<Path> files = Files.walk(dir)) {
      return files.map(file -> file + " " + stat(file)).sorted().toList();
    }
  }

  @Test
  void theTreeHasADirectoryForEachTargetWhateverTheUmask() {
    tree.make();

    for (Target target : kernel.targets()) {
      assertThat(stat(root.resolve(target.path()))).isEqualTo("755 root root");
    }
    tree.make(); // and once more changes nothing
  }

  @Test
  void aDumperOutlivesItsLoaderAndGoesWithItsName() throws IOException {
    Path file = pin("f", Access.OWNER_READS);

    assertThat(file).isEqualTo(root.resolve("task/f"));
    assertThat(stat(file)).isEqualTo("400 root root");
    assertThat(cat(file).ok().out()).matches("A+");
    tree.remove("f");
    assertThat(file).doesNotExist();
    assertThat(tree.list().dumpers()).noneMatch(pinned -> pinned.file().equals(file));
    assertThatThrownBy(() -> tree.remove("f")).isInstanceOf(RequestException.class);
  }

  @Test
  void aNameMayBeAPathInTheTree() {
    assertThat(tree.place(kernel.target("task/file"), root + "/task/file/f").file())
        .isEqualTo(root.resolve("task/file/f"));
    assertThat(tree.place(kernel.target("task/file"), "task/file/f").file())
        .isEqualTo(root.resolve("task/file/f"));
  }

  @Test
  void toReadTakesNoMoreThanTheFilesMode() throws IOException {
    Path all = pin("all", mode(0444));
    Path some = pin("some", group(0440, "adm"));
    Path own = pin("own", Access.OWNER_READS);
    UserPrincipal nobody =
        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Path theirs = pin("theirs", new Access(0400, Optional.of(nobody), Optional.empty()));
    int adm = (int) Files.getAttribute(some, "unix:gid");

    assertThat(stat(some)).isEqualTo("440 root adm");
    assertThat(stat(theirs)).isEqualTo("400 nobody root");
    assertThat(catAs(65534, all).ok().out()).matches("A+");
    assertThat(catAs(adm, some).ok().out()).matches("A+");
    assertThat(catAs(65534, theirs).ok().out()).matches("A+");
    assertThat(catAs(65534, some).exitCode()).isEqualTo(1);
    assertThat(catAs(adm, own).exitCode()).isEqualTo(1);
  }

  @Test
  void atNoTimeIsAFileOpenToMoreThanWasAsked() throws Exception {
    tree.make();
    Path file = root.resolve("task/watched");
    Access access = group(0040, "adm");
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<String> wider = new AtomicReference<>();
    int[] looks = {0};
    Thread watcher =
        Thread.ofPlatform()
            .start(() -> {
              while (!done.get()) {
                try {
                  Map<String, Object> now =
                      Files.readAttributes(file, "unix:mode,group", LinkOption.NOFOLLOW_LINKS);
                  looks[0]++;
                  int mode = (int) now.get("mode") & 07777;
                  boolean adm = now.get("group").toString().equals("adm");
                  if ((mode & ~0040) != 0 || (mode != 0 && !adm)) {
                    wider.set(Integer.toOctalString(mode) + " " + now.get("group"));
                  }
                } catch (IOException e) {
                  // not pinned just now
                }
              }
            });
    try (LiveDumper dumper = kernel.load(Programs.letterForEach("task"))) {
      DumperTree.Place place = new DumperTree.Place(kernel.target("task"), file);
      for (int i = 0; i < 200; i++) {
        tree.pin(dumper, place, access);
        Files.delete(file);
      }
    } finally {
      done.set(true);
      watcher.join();
    }
    assertThat(wider.get()).isNull();
    assertThat(looks[0]).isPositive();
  }

  @Test
  void whatCannotBeDoneChangesNothing() throws IOException {
    pin("f", Access.OWNER_READS);
    List<String> before = everything();
    Target task = kernel.target("task");

    refused(() -> tree.place(task, "f"), "the name is taken; choose another, or replace it");
    refused(() -> tree.place(task, "file"), "the name is taken by a directory");
    refused(() -> tree.place(task, "bpf_map/x"), "dumpers of target task are in", "task/x");
    refused(() -> tree.place(task, "task/sub/x"), "dumpers of target task are in", "task/x");
    refused(() -> tree.place(task, "/elsewhere/x"), "is not in the tree of dumpers");
    for (String name : new String[] {"a.b", "..", "", "task/", "a\nb", "x".repeat(256)}) {
      refused(() -> tree.place(task, name), "a dumper cannot be named");
    }
    refused(() -> mode(0755), "cannot have mode 0755");
    refused(() -> tree.remove("task/../task/f"), "no dumper is pinned as");
    refused(() -> tree.remove("task/file"), "no dumper is pinned as");
    refused(() -> tree.remove("task/f/"), "cannot be named");

    assertThat(everything()).isEqualTo(before);
  }

  private static void refused(Runnable what, String... parts) {
    assertThatThrownBy(what::run)
        .isInstanceOf(BpfdumpException.class)
        .hasMessageContainingAll(parts);
  }

  @Test
  void aTreeThatOthersMayChangeIsNotUsed() {
    tree.make();
    Target task = kernel.target("task");

    Exec.of("chown", "nobody", root.resolve("task").toString()).run().ok();
    refused(() -> tree.place(task, "x"), root + "/task belongs to nobody");
    Exec.of("chown", "root", root.resolve("task").toString()).run().ok();
    Exec.of("chmod", "0777", root.toString()).run().ok();
    refused(() -> tree.place(task, "x"), "may be changed by others (mode 0777)");
    Exec.of("chmod", "0755", root.toString()).run().ok();
    Exec.sh("rmdir %1$s/task/file && ln -s / %1$s/task/file".formatted(root)).run().ok();
    refused(() -> tree.place(task, "x"), "task/file is no directory");
  }

  @Test
  void aReadOnlyFileSystemAndOneThatIsNoneAreSaidToBeSo(@TempDir Path plain) {
    refused(
        () -> DumperTree.of(kernel, plain.resolve("tree")).make(), "is not in a bpffs: mount one");
    Exec.of("mount", "-o", "remount,ro", dir.toString()).run().ok();
    refused(() -> tree.place(kernel.target("task"), "x"), "is mounted read-only");
    Exec.of("mount", "-o", "remount,rw", dir.toString()).run().ok();
    tree.make();
    Exec.of("mount", "-o", "remount,ro", dir.toString()).run().ok();
    refused(() -> tree.place(kernel.target("task"), "x"), "cannot pin in", "mounted read-only");
  }

  @Test
  void whatTheKernelHasNoRoomForIsNotThere() throws IOException {
    tree.make();
    List<String> before = everything();

    for (int errno : new int[] {Errno.ENOSPC, Errno.ENOMEM, Errno.EDQUOT, Errno.EROFS}) {
      for (int command : new int[] {FailingDoor.OBJ_PIN, FailingDoor.LINK_CREATE}) {
        try (LiveKernel full = LiveKernel.open(new FailingDoor(command, errno))) {
          DumperTree there = DumperTree.of(full, root);
          DumperTree.Place place = there.place(full.target("task"), "f");
          refused(
              () -> {
                try (LiveDumper dumper = full.load(Programs.letterForEach("task"))) {
                  there.pin(dumper, place, mode(0444));
                }
              },
              command == FailingDoor.OBJ_PIN ? "cannot pin task/f: " : "cannot attach program",
              Errno.text(errno));
        }
        assertThat(everything()).isEqualTo(before);
      }
    }
  }

  @Test
  void whatCannotBePinnedIsNotEvenLoaded() throws IOException {
    pin("f", Access.OWNER_READS);
    Exec.sh("ln -s f %1$s/task/s && ln -s nowhere %1$s/task/n".formatted(root)).run().ok();
    FailingDoor door = new FailingDoor(-1, 0);
    try (LiveKernel counting = LiveKernel.open(door)) {
      DumperTree there = DumperTree.of(counting, root);
      Target task = counting.target("task");
      Exec.of("mount", "-o", "remount,ro", dir.toString()).run().ok();
      refused(() -> there.place(task, "x"), "mounted read-only");
      Exec.of("mount", "-o", "remount,rw", dir.toString()).run().ok();
      for (String name : new String[] {"f", "s", "n"}) {
        refused(() -> there.place(task, name), "cannot pin task/" + name + ": the name is taken");
      }
      ProgramSpec program = Programs.letterForEach("bpf_map");
      refused(
          () -> counting.load(program, new Parameter.Tid(1)), "bpf_map takes no thread or process");
      refused(
          () -> counting.load(program, new Parameter.CgroupId(1, Parameter.Order.CHILDREN)),
          "target bpf_map takes no cgroup: it takes no parameter");
      refused(
          () -> counting.load(Programs.letterForEach("task"), new Parameter.MapId(1)),
          "target task takes no map: it takes a thread or process");
    }
    assertThat(door.loads).isZero();
  }

  @Test
  void aReplacedProgramIsSeenByThoseWhoOpenTheFileFromThenOn() throws IOException {
    Path file = pin("f", mode(0444));
    Target task = kernel.target("task");
    PinnedDumper pinned = tree.pinned(task, "f");

    try (InputStream open = Files.newInputStream(file);
        LiveDumper silent = kernel.load(Programs.returning("task", 0))) {
      tree.replace(pinned, silent);
      byte[] start = new byte[4096];
      int n = open.read(start);
      assertThat(new String(start, 0, n, java.nio.charset.StandardCharsets.UTF_8)).matches("A+");
    }

    assertThat(cat(file).ok().out()).isEmpty();
    assertThat(stat(file)).isEqualTo("444 root root");
    assertThat(tree.pinned(task, "f").linkId()).isEqualTo(pinned.linkId());
    assertThat(tree.pinned(task, "f").programId()).isNotEqualTo(pinned.programId());
  }

  @Test
  void onlyTheSameDumperIsReplacedAndByOneOfItsTarget() throws IOException {
    Path file = pin("f", Access.OWNER_READS);
    Target task = kernel.target("task");
    PinnedDumper pinned = tree.pinned(task, "f");

    try (LiveDumper other = kernel.load(Programs.returning("bpf_map", 0))) {
      refused(() -> tree.replace(pinned, other), "is one of target bpf_map, not of task");
    }
    try (LiveDumper silent = kernel.load(Programs.returning("task", 0))) {
      Files.delete(file);
      refused(() -> tree.replace(pinned, silent), "cannot replace task/f", "removed it");
      pin("f", Access.OWNER_READS);
      refused(() -> tree.replace(pinned, silent), "cannot replace task/f", "removed it");
    }
    assertThat(cat(file).ok().out()).matches("A+");
    refused(() -> tree.pinned(task, "g"), "no dumper is pinned as task/g");
  }

  @Test
  void whatOthersPinnedIsListedAndBpftoolAgrees() throws IOException {
    Path object = Project.example("task_file");
    Path foreign = dir.resolve("by_bpftool");
    Exec.of("bpftool", "iter", "pin", object.toString(), foreign.toString()).run().ok();
    Exec.sh("bpftool map create " + dir + "/map type hash key 4 value 8 entries 1 name m").run();
    pin("f", Access.OWNER_READS);

    List<PinnedDumper> ours =
        tree.list().dumpers().stream().filter(found -> found.file().startsWith(dir)).toList();

    assertThat(ours).extracting(PinnedDumper::name).containsExactly("task/f", foreign.toString());
    for (PinnedDumper pinned : ours) {
      String target = kernel.target(pinned.target()).name();
      assertThat(Exec.of("bpftool", "link", "show", "id", "" + pinned.linkId()).run().ok().out())
          .startsWith(
              pinned.linkId() + ": iter  prog " + pinned.programId() + "  target_name " + target);
      assertThat(Exec.of("bpftool", "prog", "show", "id", "" + pinned.programId()).run().ok().out())
          .contains(" tag " + pinned.program().orElseThrow().tag() + " ", " uid 0\n");
    }
    assertThat(ours.get(0).program().orElseThrow().name()).isEqualTo("by_hand");
    assertThat(ours.get(0).program().orElseThrow().loaded())
        .isBetween(
            java.time.Instant.now().minusSeconds(60), java.time.Instant.now().plusSeconds(2));
  }

  @Test
  void aFileIsListedOnceHoweverOftenItIsMounted() throws IOException {
    Path again = Files.createDirectory(dir.resolve("again"));
    pin("f", Access.OWNER_READS);
    Exec.of("mount", "--bind", root.toString(), again.toString()).run().ok();
    try {
      assertThat(tree.list().dumpers())
          .filteredOn(found -> found.file().startsWith(dir))
          .extracting(PinnedDumper::name)
          .containsExactly("task/f");
    } finally {
      Exec.of("umount", again.toString()).run().ok();
    }
  }

  @Test
  void parametersAreListedAsTheKernelKeepsThem() throws IOException {
    Parameter thread = new Parameter.Tid((int) ProcessHandle.current().pid());
    Parameter process = new Parameter.Pid((int) ProcessHandle.current().pid());
    Parameter cgroup =
        new Parameter.CgroupId(1, Parameter.Order.ANCESTORS_UP); // the root of the hierarchy
    pin("task", "a", Access.OWNER_READS, thread);
    pin("task/file", "b", Access.OWNER_READS, process);
    pin("cgroup", "c", Access.OWNER_READS, cgroup);

    assertThat(tree.pinned(kernel.target("task"), "a").parameter()).isEqualTo(thread);
    assertThat(tree.pinned(kernel.target("task/file"), "b").parameter()).isEqualTo(process);
    assertThat(tree.pinned(kernel.target("cgroup"), "c").parameter()).isEqualTo(cgroup);
  }

  @Test
  void aProgramThatReachesBeyondTheMapDoesNotGetThereByReplacing() throws IOException {
    Path small = dir.resolve("small");
    Path large = dir.resolve("large");
    create(small, 4);
    create(large, 8);
    Path file = pin("bpf_map/elem", "e", Access.OWNER_READS, new Parameter.MapPath(small));
    PinnedDumper pinned = tree.pinned(kernel.target("bpf_map/elem"), "e");
    ProgramSpec reads8 = fixture("target_bpf_map_elem").program();

    refused(() -> kernel.load(reads8, pinned.parameter()), "reaches beyond the keys or values");
    try (LiveDumper dumper = kernel.load(reads8, new Parameter.MapPath(large))) {
      refused(() -> tree.replace(pinned, dumper), "load that with the same parameter");
    }

    assertThat(cat(file).ok().out()).isEqualTo("A"); // the call at the end
  }

  private static void create(Path map, int valueSize) {
    Exec.sh("bpftool map create " + map + " type hash key 4 entries 1 name m value " + valueSize)
        .run()
        .ok();
  }

  private static ObjectFile fixture(String name) throws IOException {
    return ObjectFile.read(Project.fixtures().resolve("clang-14/" + name + ".bpf.o"));
  }

  @Test
  void whatMayWriteToTheMapItWalksIsForItsLoaderAlone() throws IOException {
    Path map = dir.resolve("m");
    create(map, 8);
    Parameter walked = new Parameter.MapPath(map);
    Target elements = kernel.target("bpf_map/elem");
    ProgramSpec writes = fixture("value_writes").program("stores");
    ProgramSpec reads = fixture("value_reads").program("prints");
    UserPrincipal nobody =
        FileSystems.getDefault().getUserPrincipalLookupService().lookupPrincipalByName("nobody");
    Access theirs = new Access(0400, Optional.of(nobody), Optional.empty());
    String[] refusal = {"may change the values of the map", "value_writes.bpf.c:", "--force"};
    DumperTree.Place place = tree.place(elements, "w");

    try (LiveDumper writer = kernel.load(writes, walked);
        LiveDumper reader = kernel.load(reads, walked)) {
      for (Access others : List.of(mode(0404), group(0440, "adm"), mode(0420), theirs)) {
        refused(() -> tree.pin(writer, place, others), refusal);
        assertThat(place.file()).doesNotExist();
      }
      tree.pin(writer, place, Access.OWNER_READS);
      tree.remove("w");
      tree.sharingWriters().pin(writer, place, mode(0444));
      tree.remove("w");

      tree.pin(reader, place, mode(0444));
      PinnedDumper pinned = tree.pinned(elements, "w");
      refused(() -> tree.replace(pinned, writer), refusal);
      assertThat(tree.pinned(elements, "w").programId()).isEqualTo(reader.programId());
      tree.sharingWriters().replace(pinned, writer);
      assertThat(tree.pinned(elements, "w").programId()).isEqualTo(writer.programId());
      tree.replace(pinned, reader);
      Exec.of("chmod", "0400", place.file().toString()).run().ok();
      tree.replace(tree.pinned(elements, "w"), writer);
      Exec.of("chown", "nobody", place.file().toString()).run().ok();
      refused(() -> tree.replace(tree.pinned(elements, "w"), writer), refusal);
    }
  }

  @Test
  void aProgramWhoseMapOfProgramsWouldBeEmptiedIsNotPinned() throws IOException {
    ProgramSpec calls = fixture("map_prog_array").program("caller");
    DumperTree.Place place = tree.place(kernel.target(calls.target().orElseThrow()), "f");
    try (LiveDumper dumper = kernel.load(calls)) {
      refused(() -> tree.pin(dumper, place, Access.OWNER_READS), "through a map of programs");
    }
    assertThat(place.file()).doesNotExist();
  }
}
