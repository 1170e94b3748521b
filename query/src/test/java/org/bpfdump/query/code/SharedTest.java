// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.bpfdump.asm.Disassembler;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.kernel.Targets;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.check.Checker;
import org.bpfdump.query.syntax.Parser;
import org.bpfdump.testkit.KernelBtf;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** Pointers that several parts of a query follow. */
class SharedTest {
  /** How often a program loads a member of its object, for a kernel kept with the tests. */
  private static int loads(String text, String member) {
    Btf btf = Btf.parse(KernelBtf.bytes("7.3"));
    var query = Parser.query(text);
    var target = Targets.named(Targets.in(btf, "", Set.of()), query.target());
    Compiled compiled = Generator.compile(new Checker(btf, target, false).check(query), btf);
    int offset = -1;
    for (var m : btf.find("task_struct", BtfType.Struct.class).orElseThrow().members()) {
      offset = m.name().equals(member) ? m.bitOffset() / 8 : offset;
    }
    String shown = new Disassembler().show(compiled.spec().code());
    return shown.split("u64 \\*\\)\\(r8 \\+" + offset + "\\)", -1).length - 1;
  }

  @Test
  void onesOfTheObjectAreLoadedOnce() {
    assertThat(loads("task: cred.uid", "cred")).isEqualTo(1);
    assertThat(loads("task: cred.uid, cred.euid, cred.gid", "cred")).isEqualTo(1);
    assertThat(loads("task: cred.euid, cred.gid where cred.uid == 0", "cred")).isEqualTo(1);
    assertThat(loads("task: tgid where mm != 0 && mm.total_vm > 7", "mm")).isEqualTo(1);
    assertThat(loads("task: (u64)mm, mm.exe_file.f_flags, mm.exe_file.f_pos", "mm")).isEqualTo(1);
  }

  @RequiresKernel
  @Test
  void whatIsBehindANullOneIsNull() {
    try (LiveKernel kernel = LiveKernel.open()) {
      List<List<Object>> rows =
          Queries.rows(
              kernel,
              "task: pid, mm.total_vm, mm.map_count, mm.exe_file.f_flags,"
                  + " (u64)mm.exe_file.f_inode.i_ino, x = mm == 0, mm.owner.pid"
                  + " where pid == 2 || pid == "
                  + ProcessHandle.current().pid());
      assertThat(rows).hasSize(2);
      // kthreadd has no memory of its own.
      assertThat(rows.get(0).subList(1, 5)).containsOnlyNulls();
      assertThat(rows.get(0).get(5)).isEqualTo(1L);
      assertThat(rows.get(0).get(6)).isNull();
      assertThat(rows.get(1)).doesNotContainNull();
      assertThat(rows.get(1).get(5)).isEqualTo(0L);
    }
  }
}
