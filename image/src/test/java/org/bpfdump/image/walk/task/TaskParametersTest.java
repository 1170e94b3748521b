// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.Namespace;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A walk over one thread, or the threads of one process, of an image. */
class TaskParametersTest {
  /** {@code PROC_PID_INIT_INO} of the kernel: the number of the first pid namespace. */
  private static final long FIRST = 0xEFFFFFFCL;

  private static final int NOBODY = 99_999;

  /** A thread and its process, which has several. */
  private record Member(int id, int process) {}

  /** Threads as the machine listed them, but for leaders. */
  private static List<Member> others(String image) {
    List<Member> others =
        TestImages.truth(image).section("TASKS").stream()
            .map(line -> line.split(" "))
            .map(words -> new Member(Integer.parseInt(words[0]), Integer.parseInt(words[1])))
            .filter(thread -> thread.id != thread.process)
            .toList();
    assertThat(others).isNotEmpty();
    return others;
  }

  private static List<Integer> ids(String image, Parameter parameter) {
    Walks walks = new Walks(TestImages.shared(image));
    List<Integer> ids =
        walks.rows(
            walks.open("task", parameter), row -> (int) walks.get("task_struct", "pid", row[0]));
    assertThat(walks.notes()).isEmpty();
    return ids;
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void aProcessHasItsThreadsAndTheLeaderFirst(String image) {
    int process = others(image).getFirst().process;
    List<Integer> threads = ids(image, new Parameter.Pid(process));
    assertThat(threads).first().isEqualTo(process);
    assertThat(threads.subList(1, threads.size()))
        .containsExactlyElementsOf(
            others(image).stream().filter(t -> t.process == process).map(Member::id).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void aThreadIsAlone(String image) {
    Member thread = others(image).getFirst();
    assertThat(ids(image, new Parameter.Tid(thread.id))).containsExactly(thread.id);
    assertThat(ids(image, new Parameter.Tid(thread.process))).containsExactly(thread.process);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void aThreadThatLeadsNoProcessIsNone(String image) {
    assertThat(ids(image, new Parameter.Pid(others(image).getFirst().id))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void nobodyHasNoTasks(String image) {
    assertThat(ids(image, new Parameter.Pid(NOBODY))).isEmpty();
    assertThat(ids(image, new Parameter.Tid(NOBODY))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void threadsThatShareFilesHaveThemOnce(String image) {
    int process = others(image).getFirst().process;
    String start = process + " " + process + " ";
    List<Long> ofProcess =
        Walks.truth(image, "task_file").stream()
            .filter(line -> line.startsWith(start))
            .map(line -> Long.parseLong(line.split(" ")[2]))
            .toList();
    assertThat(descriptors(image, new Parameter.Pid(process))).isEqualTo(ofProcess).isNotEmpty();
    // Asked for by itself, a thread has them too.
    Parameter other = new Parameter.Tid(others(image).getFirst().id);
    assertThat(descriptors(image, other)).isEqualTo(ofProcess);
  }

  private static List<Long> descriptors(String image, Parameter parameter) {
    Walks walks = new Walks(TestImages.shared(image));
    return walks.rows(walks.open("task_file", parameter), row -> row[1]);
  }

  @Test
  void theLastCallOfOneThreadTellsWhereItsDescriptorsEnd() {
    assertThat(lastDescriptor(new Parameter.Tid(1))).isEqualTo(11);
    assertThat(lastDescriptor(new Parameter.Pid(1))).isZero();
    assertThat(lastDescriptor(new Parameter.Tid(NOBODY))).isZero();
  }

  private static long lastDescriptor(Parameter parameter) {
    Walks walks = new Walks(TestImages.shared("6.1"));
    Walk walk = walks.open("task_file", parameter);
    walks.rows(walk, row -> row[1]);
    long[] arguments = {-1, -1, -1};
    assertThat(walk.last(arguments)).isTrue();
    assertThat(arguments[0]).isZero();
    assertThat(arguments[2]).isZero();
    return arguments[1];
  }

  @ParameterizedTest
  @ValueSource(strings = {"task", "task_file", "task_vma"})
  void aDescriptorOfAnotherKernelIsRefused(String target) {
    Snapshot snapshot = TestImages.shared("6.1");
    assertThatThrownBy(
            () -> Walks.target(target).admit(snapshot, snapshot.memory(), new Parameter.PidFd(3)))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("name a process of an image by its id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void theMachinesHaveOnePidNamespace(String image) {
    Snapshot snapshot = TestImages.shared(image);
    assertThat(PidNamespaces.in(snapshot))
        .containsExactly(new Namespace(snapshot.root(Root.INIT_PID_NS), FIRST));
  }
}
