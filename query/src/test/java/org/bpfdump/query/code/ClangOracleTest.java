// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Expressions mean what clang takes them for: the same text, compiled from C as an iterator. */
@RequiresKernel
class ClangOracleTest {
  private static final int PROGRAMS = 12;
  private static final int EXPRESSIONS = 28;

  /** What no two dumps of a process that sleeps differ in. */
  private static final String[] FIELDS = {
    "task->pid",
    "task->tgid",
    "task->prio",
    "task->static_prio",
    "task->rt_priority",
    "task->policy",
    "task->start_time",
    "task->start_boottime",
    "task->exit_signal",
    "task->self_exec_id",
    "task->personality",
    "task->comm[0]",
    "task->comm[1]",
    "task->mm->total_vm",
    "task->mm->start_code",
    "task->cred->uid.val",
    "task->signal->nr_threads",
    "task->real_parent->pid",
    "task->thread_pid->level",
    "task->migration_flags",
    "task->se.load.weight",
    "task->nsproxy->uts_ns->name.sysname[2]",
    "task->vfork_done == 0",
  };

  private static final String[] CONSTANTS = {
    "0",
    "1",
    "-1",
    "7",
    "255",
    "0x80",
    "0x7fffffff",
    "0x80000000",
    "2147483648",
    "0xffffffff",
    "4294967296",
    "-2147483648",
    "1u",
    "3ul",
    "0xffffffffffffffff",
    "'a'",
    "'\\n'",
    "128",
    "65536",
    "~0u",
    "0x123456789abcdef",
    "9l",
  };

  private static final String[] TYPES = {
    "u8",
    "s8",
    "u16",
    "s16",
    "u32",
    "s32",
    "u64",
    "s64",
    "char",
    "int",
    "unsigned int",
    "long",
    "unsigned long",
    "short",
    "unsigned char",
  };

  private final long seed = Long.getLong("bpfdump.seed", System.nanoTime());
  private final Random random = new Random(seed);

  private String pick(String[] of) {
    return of[random.nextInt(of.length)];
  }

  private String expression(int depth) {
    if (depth == 0 || random.nextInt(8) == 0) {
      return random.nextInt(4) == 0 ? "(" + pick(CONSTANTS) + ")" : "(" + pick(FIELDS) + ")";
    }
    String a = expression(depth - 1);
    String b = expression(depth - 1);
    return switch (random.nextInt(24)) {
      case 0, 1 -> "(" + a + " + " + b + ")";
      case 2, 3 -> "(" + a + " - " + b + ")";
      case 4 -> "(" + a + " * " + b + ")";
      case 5 -> "(" + a + " & " + b + ")";
      case 6 -> "(" + a + " | " + b + ")";
      case 7 -> "(" + a + " ^ " + b + ")";
      case 8 -> "(" + a + " == " + b + ")";
      case 9 -> "(" + a + " < " + b + ")";
      case 10 -> "(" + a + " >= " + b + ")";
      case 11 -> "(" + a + " != " + b + ")";
      case 12 -> "(" + a + " && " + b + ")";
      case 13 -> "(" + a + " || " + b + ")";
      case 14 -> "(" + a + " ? " + b + " : " + expression(depth - 1) + ")";
      case 15 -> "(!" + a + ")";
      case 16 -> "(~" + a + ")";
      case 17 -> "(-" + a + ")";
      // What C leaves undefined is not asked for; clang for BPF divides without a sign only.
      case 18 -> "(" + a + " << (" + b + " & 31))";
      case 19 -> "(" + a + " >> (" + b + " & 31))";
      case 20 -> "((u64)" + a + " / ((u64)" + b + " | 1))";
      case 21 -> "((u32)" + a + " % ((u32)" + b + " | 1))";
      case 22 -> "(" + a + " > " + b + ")";
      default -> "((" + pick(TYPES) + ")" + a + ")";
    };
  }

  private static String program(String name, List<String> expressions) {
    StringBuilder text = new StringBuilder("SEC(\"iter/task\") int ").append(name);
    text.append("(struct bpf_iter__task *ctx) {\n");
    text.append("  struct task_struct *task = ctx->task;\n  if (!task) return 0;\n");
    text.append("  long long v[").append(expressions.size()).append("];\n");
    for (int i = 0; i < expressions.size(); i++) {
      text.append("  v[").append(i).append("] = ").append(expressions.get(i)).append(";\n");
    }
    return text.append("  bpf_seq_write(ctx->meta->seq, v, sizeof(v));\n  return 0;\n}\n")
        .toString();
  }

  private static String source(List<List<String>> programs) {
    StringBuilder source =
        new StringBuilder(
            """
            #include "vmlinux.h"
            #define SEC(name) __attribute__((section(name), used))
            static long (*bpf_seq_write)(struct seq_file *m, const void *data, u32 len) =
                (void *)127;
            char LICENSE[] SEC("license") = "GPL";
            """);
    for (int i = 0; i < programs.size(); i++) {
      source.append(program("p" + i, programs.get(i)));
    }
    return source.toString();
  }

  @Test
  void valuesAreThoseOfC(@TempDir Path directory) throws IOException {
    System.out.println("seed " + seed);
    Exec.sh("bpftool btf dump file /sys/kernel/btf/vmlinux format c >vmlinux.h")
        .in(directory)
        .run()
        .ok();
    List<List<String>> programs = new ArrayList<>();
    for (int i = 0; i < PROGRAMS; i++) {
      List<String> expressions = new ArrayList<>();
      for (int k = 0; k < EXPRESSIONS; k++) {
        expressions.add(expression(1 + random.nextInt(4)));
      }
      programs.add(expressions);
    }
    Files.writeString(directory.resolve("oracle.bpf.c"), source(programs));
    Path object = directory.resolve("oracle.bpf.o");
    Exec.of(
            "clang-14",
            "-g",
            "-O2",
            "-fwrapv",
            "-funsigned-char", // as kernels are since 6.2
            "-w",
            "-target",
            "bpf",
            "-mcpu=v3",
            "-c",
            directory.resolve("oracle.bpf.c").toString(),
            "-o",
            object.toString())
        .run()
        .ok();
    Process sleeper = new ProcessBuilder("sleep", "600").start();
    try (LiveKernel kernel = LiveKernel.open()) {
      Parameter one = new Parameter.Tid((int) sleeper.pid());
      ObjectFile compiled = ObjectFile.read(object);
      for (int i = 0; i < PROGRAMS; i++) {
        List<String> expressions = programs.get(i);
        List<Long> expected = new ArrayList<>();
        try (Dumper dumper = kernel.load(compiled.program("p" + i), one)) {
          ByteBuffer values = ByteBuffer.wrap(Run.bytes(dumper)).order(ByteOrder.nativeOrder());
          while (values.hasRemaining()) {
            expected.add(values.getLong());
          }
        }
        List<Object> found =
            Run.rows(
                    kernel,
                    Queries.plan(kernel, "task: " + String.join(", ", expressions), true),
                    one)
                .getFirst();
        assertThat(expected).hasSize(EXPRESSIONS);
        for (int k = 0; k < EXPRESSIONS; k++) {
          assertThat(found.get(k))
              .as("seed %d, %s", seed, expressions.get(k))
              .isEqualTo(expected.get(k));
        }
      }
    } finally {
      sleeper.destroy();
    }
  }
}
