// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.RequestException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Targets as the running kernel's BTF has them; no privilege is needed for that. */
class TargetsTest {
  private static List<Target> targets() throws IOException {
    Path vmlinux = Path.of("/sys/kernel/btf/vmlinux");
    Assumptions.assumeTrue(Files.isReadable(vmlinux), "this kernel's BTF is not readable");
    return Targets.in(Btf.read(vmlinux), "", Set.of());
  }

  @Test
  void aTargetNestsUnderTheLongestOtherThatItsNameBeginsWith() throws IOException {
    List<Target> targets = targets();
    assertThat(Targets.named(targets, "task_file").path()).isEqualTo("task/file");
    assertThat(Targets.named(targets, "bpf_map_elem").path()).isEqualTo("bpf_map/elem");
    assertThat(Targets.named(targets, "bpf_sk_storage_map").path()).isEqualTo("bpf_sk_storage_map");
    assertThat(Targets.named(targets, "task/file")).isEqualTo(Targets.named(targets, "task_file"));
  }

  @Test
  void aTargetSaysWhatItsProgramsGet() throws IOException {
    Target target = Targets.named(targets(), "task_file");
    assertThat(target.prototype())
        .isEqualTo(
            "int bpf_iter_task_file(struct bpf_iter_meta *meta, struct task_struct *task,"
                + " u32 fd, struct file *file)");
    assertThat(target.context()).isEqualTo("bpf_iter__task_file");
    List<String> arguments = new ArrayList<>();
    for (Target.Argument argument : target.arguments()) {
      arguments.add(
          argument.offset()
              + " "
              + argument.type()
              + " "
              + argument.name()
              + (argument.nullable() ? " or NULL" : ""));
    }
    assertThat(arguments)
        .containsExactly(
            "0 struct bpf_iter_meta * meta",
            "8 struct task_struct * task or NULL",
            "16 u32 fd",
            "24 struct file * file or NULL");
  }

  @Test
  void aMapIsAParameterOnlyWhereSomethingInItIsWalked() throws IOException {
    List<Target> targets = targets();
    assertThat(Targets.named(targets, "bpf_map").parameters()).isEmpty();
    assertThat(Targets.named(targets, "bpf_map_elem").parameters())
        .containsExactly(Parameter.Kind.MAP);
    assertThat(Targets.named(targets, "bpf_map_elem").arguments().get(1).nullable()).isFalse();
    assertThat(Targets.named(targets, "bpf_map").arguments().get(1).nullable()).isTrue();
    assertThat(Targets.named(targets, "task/vma").parameters())
        .containsExactly(Parameter.Kind.TASK);
    assertThat(Targets.named(targets, "tcp").parameters()).isEmpty();
  }

  @Test
  void anUnknownNameIsAnsweredWithThoseThereAre() throws IOException {
    List<Target> targets = targets();
    assertThatThrownBy(() -> Targets.named(targets, "task/teapot"))
        .isInstanceOf(RequestException.class)
        .hasMessageStartingWith("unknown target task/teapot: this kernel has ")
        .hasMessageContaining("task/file");
  }
}
