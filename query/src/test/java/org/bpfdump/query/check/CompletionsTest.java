// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.kernel.Targets;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Test;

/** What words can become, on a kernel whose types are kept with the tests. */
class CompletionsTest {
  private static List<String> of(String target, String word) {
    Btf btf = Btf.parse(KernelBtf.bytes("7.3"));
    return new Completions(btf, Targets.named(Targets.in(btf, "", Set.of()), target)).of(word);
  }

  @Test
  void membersAreThoseOfWhatThePathLeadsTo() {
    assertThat(of("task_file", "file.f_pat")).containsExactly("file.f_path.");
    assertThat(of("task_file", "file.f_path.dentry.d_na")).contains("file.f_path.dentry.d_name.");
    assertThat(of("task_file", "file->f_inode->i_in")).containsExactly("file->f_inode->i_ino");
    assertThat(of("task", "task.real_parent.tgi")).containsExactly("task.real_parent.tgid");
    assertThat(of("task", "mm.")).contains("mm.total_vm", "mm.exe_file.");
  }

  @Test
  void whatIsBeforeThePathStays() {
    assertThat(of("task", "x = mm.total_v")).containsExactly("x = mm.total_vm");
    assertThat(of("task", "pid,tgid,exit_cod")).containsExactly("pid,tgid,exit_code");
    assertThat(of("task_file", "path(file.f_pat")).containsExactly("path(file.f_path.");
    assertThat(of("task_file", "fd > 2 && !file.f_mod")).containsExactly("fd > 2 && !file.f_mode");
    assertThat(of("task", "pid==tgi")).containsExactly("pid==tgid");
  }

  @Test
  void castsAndPositionsLeadOn() {
    assertThat(of("tcp", "((struct tcp_sock *)sk_common).snd_cwn"))
        .anyMatch(w -> w.endsWith("snd_cwnd"));
    assertThat(of("task", "container_of(mm, struct mm_struct, owner)->total_v"))
        .containsExactly("container_of(mm, struct mm_struct, owner)->total_vm");
    assertThat(of("task", "files.fd_array[3].f_mod")).containsExactly("files.fd_array[3].f_mode");
  }

  @Test
  void bareNamesAreArgumentsMembersFunctionsAndConstants() {
    assertThat(of("task_file", "")).contains("task.", "file.", "fd", "f_path.", "path(", "comm");
    assertThat(of("task", "static_pr")).containsExactly("static_prio");
    assertThat(of("task", "sin")).contains("since(");
    assertThat(of("tcp", "sk_common.skc_state == TCP_LIS"))
        .contains("sk_common.skc_state == TCP_LISTEN");
    // A member of two objects needs the name of one.
    assertThat(of("task_vma", "vm_mm")).containsExactly("vm_mm.");
  }

  @Test
  void nothingIsMadeUp() {
    assertThat(of("task", "nothing_has_this_nam")).isEmpty();
    assertThat(of("task", "pid.")).isEmpty();
    assertThat(of("task", "task.nosuch.")).isEmpty();
    assertThat(of("task", "comm == \"sys")).isEmpty();
    assertThat(of("task", "pid == 12")).isEmpty();
    assertThat(of("task", "))).x")).isEmpty();
    assertThat(of("task", "...")).isEmpty();
    assertThat(of("task", "((((((.c")).isEmpty();
  }
}
