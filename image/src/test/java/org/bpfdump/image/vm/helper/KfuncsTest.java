// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.ProgramException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.Helper;
import org.bpfdump.image.vm.Machine;
import org.bpfdump.image.vm.Processor;
import org.bpfdump.image.vm.Regions;
import org.bpfdump.image.vm.SeqBuffer;
import org.bpfdump.image.vm.map.MapTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Kernel functions on real images, against what their guests said. */
class KfuncsTest {
  private static final SeqBuffer NO_OUTPUT =
      new SeqBuffer() {
        @Override
        public boolean write(byte[] from, int offset, int length) {
          return false;
        }

        @Override
        public boolean overflowed() {
          return true;
        }
      };

  static List<String> kernels() {
    return TestImages.kernels();
  }

  private static Processor machine(String kernel) {
    Snapshot snapshot = TestImages.shared(kernel);
    Processor machine =
        new Processor(
            snapshot,
            snapshot.memory(),
            new Regions(),
            NO_OUTPUT,
            new HelperState(snapshot, MapTable.none()));
    return machine;
  }

  private static long call(Machine machine, String name, long... arguments) {
    long[] r = java.util.Arrays.copyOf(arguments, 5);
    return Kfuncs.find(name).orElseThrow().call(machine, r[0], r[1], r[2], r[3], r[4]);
  }

  private static long text(Machine machine, String text) {
    return machine.own().add((text + "\0").getBytes(StandardCharsets.US_ASCII), false);
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void taskIteratorsVisitEveryTask(String kernel) {
    Unlimited machine = new Unlimited(machine(kernel));
    Field pid = machine.snapshot().types().field("task_struct", "pid");
    long it = machine.own().allocate(32, true).address();
    assertThat(call(machine, "bpf_iter_task_new", it, 0, 1)).isZero();
    TreeSet<Integer> pids = new TreeSet<>();
    for (long t = call(machine, "bpf_iter_task_next", it);
        t != 0;
        t = call(machine, "bpf_iter_task_next", it)) {
      pids.add((int) pid.get(machine.kernel(), t));
    }
    assertThat(call(machine, "bpf_iter_task_destroy", it)).isZero();
    TreeSet<Integer> expected = new TreeSet<>(List.of(0));
    for (String line : TestImages.truth(kernel).section("TASKS")) {
      expected.add(Integer.parseInt(line.substring(0, line.indexOf(' '))));
    }
    assertThat(pids).isEqualTo(expected);
    long init = call(machine, "bpf_task_from_pid", 1);
    assertThat(pid.get(machine.kernel(), init)).isEqualTo(1);
    assertThat(call(machine, "bpf_task_from_pid", 99_999)).isZero();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void areasOfInitAreThoseItsIteratorPrinted(String kernel) {
    Unlimited machine = new Unlimited(machine(kernel));
    long init = call(machine, "bpf_task_from_pid", 1);
    Field start = machine.snapshot().types().field("vm_area_struct", "vm_start");
    long it = machine.own().allocate(32, true).address();
    assertThat(call(machine, "bpf_iter_task_vma_new", it, init, 0)).isZero();
    List<String> found = new ArrayList<>();
    for (long area = call(machine, "bpf_iter_task_vma_next", it);
        area != 0;
        area = call(machine, "bpf_iter_task_vma_next", it)) {
      found.add(Long.toHexString(start.get(machine.kernel(), area)));
    }
    List<String> expected =
        TestImages.truth(kernel).iterator("task_vma").stream()
            .filter(line -> line.startsWith("1 "))
            .toList();
    assertThat(found).hasSize(expected.size()).isNotEmpty();
    for (int i = 0; i < found.size(); i++) {
      assertThat(expected.get(i)).contains(found.get(i));
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void cgroupIteratorsGoDownAndUp(String kernel) {
    Unlimited machine = new Unlimited(machine(kernel));
    Snapshot snapshot = machine.snapshot();
    long root =
        snapshot.root(Root.CGRP_DFL_ROOT)
            + snapshot.types().field("cgroup_root", "cgrp").offset()
            + snapshot.types().field("cgroup", "self").offset();
    List<Long> pre = walk(machine, root, 2);
    List<Long> post = walk(machine, root, 3);
    assertThat(pre.getFirst()).isEqualTo(root);
    assertThat(post.getLast()).isEqualTo(root);
    assertThat(post).containsExactlyInAnyOrderElementsOf(pre);
    assertThat(walk(machine, pre.getLast(), 4)).endsWith(root);
  }

  private static List<Long> walk(Machine machine, long start, int order) {
    long it = machine.own().allocate(32, true).address();
    assertThat(call(machine, "bpf_iter_css_new", it, start, order)).isZero();
    List<Long> found = new ArrayList<>();
    for (long s = call(machine, "bpf_iter_css_next", it);
        s != 0;
        s = call(machine, "bpf_iter_css_next", it)) {
      found.add(s);
    }
    return found;
  }

  @Test
  void stringFunctionsFindAndCompare() {
    Unlimited machine = new Unlimited(machine("7.2"));
    long text = text(machine, "kernel image");
    assertThat(call(machine, "bpf_strlen", text)).isEqualTo(12);
    assertThat(call(machine, "bpf_strnlen", text, 3)).isEqualTo(3);
    assertThat(call(machine, "bpf_strchr", text, 'n')).isEqualTo(3);
    assertThat(call(machine, "bpf_strchr", text, 'z')).isEqualTo(-2);
    assertThat(call(machine, "bpf_strchrnul", text, 'z')).isEqualTo(12);
    assertThat(call(machine, "bpf_strrchr", text, 'e')).isEqualTo(11);
    assertThat(call(machine, "bpf_strstr", text, text(machine, "el i"))).isEqualTo(4);
    assertThat(call(machine, "bpf_strstr", text, text(machine, "mages"))).isEqualTo(-2);
    assertThat(call(machine, "bpf_strcmp", text, text(machine, "kernel"))).isEqualTo(1);
    assertThat(call(machine, "bpf_strcasecmp", text, text(machine, "KERNEL image"))).isZero();
    assertThat(call(machine, "bpf_strncasecmp", text, text(machine, "KERNELS"), 6)).isZero();
    assertThat(call(machine, "bpf_strncasecmp", text, text(machine, "KERNELS"), 7)).isEqualTo(-1);
    assertThat(call(machine, "bpf_strcasestr", text, text(machine, "EL I"))).isEqualTo(4);
    assertThat(call(machine, "bpf_strcasestr", text, text(machine, "MAGES"))).isEqualTo(-2);
    assertThat(call(machine, "bpf_strspn", text, text(machine, "nrek"))).isEqualTo(5);
    assertThat(call(machine, "bpf_strcspn", text, text(machine, " "))).isEqualTo(6);
    assertThat(call(machine, "bpf_strlen", 0)).isEqualTo(-14);
  }

  @Test
  void masksKnowTheirCpus() {
    Unlimited machine = new Unlimited(machine("7.2"));
    long mask = call(machine, "bpf_cpumask_create");
    int cpus = machine.snapshot().cpus();
    assertThat(call(machine, "bpf_cpumask_empty", mask)).isEqualTo(1);
    assertThat(call(machine, "bpf_cpumask_first", mask)).isEqualTo(cpus);
    call(machine, "bpf_cpumask_setall", mask);
    assertThat(call(machine, "bpf_cpumask_weight", mask)).isEqualTo(cpus);
    assertThat(call(machine, "bpf_cpumask_full", mask)).isEqualTo(1);
    assertThat(call(machine, "bpf_cpumask_test_and_clear_cpu", 0, mask)).isEqualTo(1);
    assertThat(call(machine, "bpf_cpumask_test_cpu", 0, mask)).isZero();
    assertThat(call(machine, "bpf_cpumask_first_zero", mask)).isZero();
  }

  @Test
  void numberAndBitIteratorsKeepTheirPlaceInTheProgram() {
    Unlimited machine = new Unlimited(machine("7.2"));
    var it = machine.own().allocate(16, true);
    assertThat(call(machine, "bpf_iter_num_new", it.address(), 3, 6)).isZero();
    List<Integer> found = new ArrayList<>();
    while (call(machine, "bpf_iter_num_next", it.address()) != 0) {
      found.add((int) it.bytes()[0]);
    }
    assertThat(found).containsExactly(3, 4, 5);
    assertThat(call(machine, "bpf_iter_num_new", it.address(), 6, 3)).isEqualTo(-22);
    long words = machine.own().add(new byte[] {5, 0, 0, 0, 0, 0, 0, (byte) 0x80}, false);
    assertThat(call(machine, "bpf_iter_bits_new", it.address(), words, 1)).isZero();
    List<Integer> bits = new ArrayList<>();
    while (call(machine, "bpf_iter_bits_next", it.address()) != 0) {
      bits.add((int) it.bytes()[12]);
    }
    assertThat(bits).containsExactly(0, 2, 63);
  }

  @Test
  void whatIsMissingIsToldApart() {
    Btf kernel = TestImages.shared("7.2").btf();
    Map<Integer, String> helpers =
        Map.of(
            109,
            "bpf_send_signal, which has no meaning on a dead kernel",
            209,
            "bpf_user_ringbuf_drain, which has no meaning on a dead kernel",
            141,
            "bpf_get_task_stack, which bpfdump does not have for images yet",
            4242,
            "helper 4242, which this kernel does not have");
    helpers.forEach((id, message) ->
        assertThatThrownBy(() -> Helpers.require(id, kernel, "p"))
            .isInstanceOf(UnsupportedException.class)
            .hasMessage("program p calls " + message));
    Map<String, String> functions =
        Map.of(
            "bpf_wq_start",
            "bpf_wq_start, which has no meaning on a dead kernel",
            "bpf_sock_destroy",
            "bpf_sock_destroy, which has no meaning on a dead kernel",
            "bpf_rbtree_first",
            "bpf_rbtree_first, which bpfdump does not have for images yet");
    functions.forEach((name, message) ->
        assertThatThrownBy(() -> Kfuncs.require(name, "p", Optional.empty()))
            .isInstanceOf(UnsupportedException.class)
            .hasMessage("program p calls " + message));
  }

  @Test
  void objectsOfTheProgramAreNotKeptInMaps() {
    Unlimited machine = new Unlimited(machine("7.2"));
    Helper exchange = Helpers.find(194).orElseThrow();
    long place = machine.own().allocate(8, true).address();
    long task = machine.snapshot().root(Root.INIT_TASK);
    assertThat(exchange.call(machine, place, task, 0, 0, 0)).isZero();
    assertThatThrownBy(() -> exchange.call(machine, place, place, 0, 0, 0))
        .isInstanceOf(ProgramException.class)
        .hasMessageContaining("keeps an object of its own in a map");
    assertThat(exchange.call(machine, place, 0, 0, 0, 0)).isEqualTo(task);
    assertThat(exchange.call(machine, place, 0, 0, 0, 0)).isZero();
  }
}
