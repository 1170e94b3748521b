// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names, members and types on kernels of several years; {@link Form} says how plans are written.
 */
class CheckerTest {
  @ParameterizedTest
  @ValueSource(strings = {"running", "5.10", "7.3"})
  void aMemberIsReadAtItsPlaceWithItsType(String kernel) {
    Checking task = Checking.of(kernel, "task");
    long tgid = task.offset("task_struct", "tgid");
    assertThat(task.column("tgid")).isEqualTo("s32[ctx8?+" + tgid + "] decimal");
    assertThat(task.column("task.tgid")).isEqualTo(task.column("tgid"));
    assertThat(task.column("comm"))
        .isEqualTo("chars16[ctx8?+" + task.offset("task_struct", "comm") + "]");
    assertThat(task.column("cred.uid"))
        .isEqualTo(
            "u32[cred*[ctx8?+"
                + task.offset("task_struct", "cred")
                + "]+"
                + task.offset("cred", "uid")
                + "] decimal");
  }

  @ParameterizedTest
  @ValueSource(strings = {"running", "5.10", "7.3"})
  void theFirstThatTheKernelHasIsTaken(String kernel) {
    Checking task = Checking.of(kernel, "task");
    boolean renamed = task.names("task_struct").contains("__state");
    assertThat(task.column("either(__state, state)"))
        .isEqualTo(task.column(renamed ? "__state" : "state"));
  }

  @Test
  void numbersAreConvertedAsInC() {
    Checking task = Checking.of("running", "task");
    assertThat(task.where("-1 > 1u")).isEqualTo("1:s32");
    assertThat(task.where("-1 > 1")).isEqualTo("0:s32");
    assertThat(task.where("-1L < 1u")).isEqualTo("1:s32");
    assertThat(task.where("0xffffffff == -1")).isEqualTo("1:s32");
    assertThat(task.where("4294967295 == -1")).isEqualTo("0:s32");
    assertThat(task.where("(unsigned char)300")).isEqualTo("44:u8");
    assertThat(task.where("(char)200 << 24 >> 24"))
        .isEqualTo(task.where("(char)200 == 200 ? 200 << 24 >> 24 : -56"));
    assertThat(task.where("18446744073709551615u / 10")).isEqualTo("1844674407370955161:u64");
    String tgid = "s32[ctx8?+" + task.offset("task_struct", "tgid") + "]";
    assertThat(task.where("tgid < 10u")).isEqualTo("(u32(" + tgid + ") LESS:u 10:u32)");
    assertThat(task.where("tgid < 10")).isEqualTo("(" + tgid + " LESS:s 10:s32)");
  }

  @Test
  void aNameThatTwoObjectsHaveIsRefused() {
    assertThatThrownBy(() -> Checking.of("7.3", "task_vma").column("flags"))
        .hasMessage("flags is a member of both task and vma: write task.flags or vma.flags");
  }

  @Test
  void aPathIsRefusedWhereIteratorsAreToldNone() {
    Checking then = Checking.of("5.10", "task_file");
    String name = "str(file.f_path.dentry.d_name.name)";
    assertThatThrownBy(() -> then.column("path(file)")).hasMessageContaining(name);
    assertThat(then.column("either(path(file), " + name + ")")).isEqualTo(then.column(name));
  }

  @Test
  void pointersThatTheVerifierLosesAreCastWhereTheKernelCan() {
    Checking now = Checking.of("7.3", "bpf_prog");
    Checking then = Checking.of("5.10", "bpf_prog");
    assertThat(now.column("aux.used_maps[0].id"))
        .startsWith("u32[cast(bpf_map*[*[bpf_prog_aux*[ctx8?+")
        .endsWith(",bpf_map*)+" + now.offset("bpf_map", "id") + "] decimal");
    assertThat(then.column("aux.used_maps[0].id"))
        .startsWith("u32~[bpf_map*~[*[bpf_prog_aux*[ctx8?+")
        .endsWith("]+" + then.offset("bpf_map", "id") + "] decimal");
    Checking task = Checking.of("7.3", "task");
    assertThat(task.column("signal.rlim[tgid].rlim_cur"))
        .isEqualTo(
            "u64[cast(&~[signal_struct*[ctx8?+"
                + task.offset("task_struct", "signal")
                + "]+"
                + task.offset("signal_struct", "rlim")
                + "+s64(s32[ctx8?+"
                + task.offset("task_struct", "tgid")
                + "])*16<16],rlimit*)+0] decimal");
  }

  @Test
  void socketsAreAskedWhatTheyAre() {
    Checking tcp = Checking.of("7.3", "tcp");
    assertThat(tcp.column("((struct tcp_sock *)sk_common).snd_cwnd"))
        .isEqualTo("u32[helper137(ctx8?)+" + tcp.offset("tcp_sock", "snd_cwnd") + "] decimal");
    Checking udp = Checking.of("7.3", "udp");
    assertThat(udp.column("((struct sock *)udp_sk).sk_rcvbuf"))
        .as("a struct that another begins with needs no cast")
        .isEqualTo(udp.column("inet.sk.sk_rcvbuf"));
  }

  @Test
  void containerOfLeadsBackWithoutACastWhereItCan() {
    Checking task = Checking.of("7.3", "task");
    assertThat(task.column("container_of(&task.se, struct task_struct, se).pid"))
        .isEqualTo(task.column("pid"));
    assertThat(task.column("container_of(real_parent, struct task_struct, parent).pid"))
        .contains("cast(&~[task_struct*[ctx8?+")
        .contains("]-" + task.offset("task_struct", "parent"));
  }

  @Test
  void eachTypeHasItsReading() {
    Checking tcp = Checking.of("7.3", "tcp");
    assertThat(tcp.column("skc_daddr")).endsWith(" ipv4");
    assertThat(tcp.column("skc_dport")).endsWith(" port");
    assertThat(tcp.column("skc_v6_daddr")).startsWith("bytes16[").endsWith(" ipv6");
    assertThat(tcp.column("(bool)skc_state")).endsWith(" truth");
    assertThat(Checking.raw("7.3", "tcp").column("skc_dport")).endsWith(" decimal");
    assertThat(Checking.raw("7.3", "tcp").column("skc_v6_daddr")).endsWith(" hexdump");
    Checking file = Checking.of("7.3", "task_file");
    assertThat(file.column("file.f_op.read")).startsWith("ksym(");
    assertThat(file.column("file.f_op")).endsWith(" hexadecimal");
    assertThat(file.column("path(file)")).isEqualTo(file.column("path(file.f_path)"));
    assertThat(Checking.of("7.3", "bpf_map").column("map_type"))
        .endsWith(" enum:BPF_MAP_TYPE_UNSPEC");
    assertThat(Checking.of("7.3", "kmem_cache").column("name")).startsWith("str4096(");
    assertThat(Checking.of("7.3", "bpf_map").column("refcnt")).startsWith("s64[");
  }

  @Test
  void addressesAreComparedAsTheyAreWritten() {
    Checking tcp = Checking.of("7.3", "tcp");
    assertThat(tcp.where("skc_daddr == \"127.0.0.1\"")).endsWith(" EQUAL:u 16777343:u32)");
    assertThat(tcp.where("skc_v6_daddr == \"::1\""))
        .contains(" EQUAL:u 0:u64) && ")
        .endsWith(" EQUAL:u 72057594037927936:u64))");
  }
}
