// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.util.Arrays;
import java.util.Optional;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.VerifierException;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.relo.CoreRelocator;
import org.bpfdump.spec.ProgramSpec;

/**
 * Turns a refusal by the verifier into what a person needs: the reason, the source line, what to
 * do. Phrases are those of {@code kernel/bpf/verifier.c}.
 */
final class VerifierReport {
  private static final int TAIL_LINES = 16;

  /** Where newer kernels (7.3 is one) begin to explain the reason, which they give as ever. */
  private static final String EXPLANATION = "Verification failed: ";

  /** What, in that explanation, the lines follow that say what to do. */
  private static final String SUGGESTION = "Suggestion:";

  /** Phrases of the verifier and what helps, the first that fits. */
  private static final String[][] REMEDIES = {
    {"_or_null", "check the pointer for NULL, and follow the copy that was checked"},
    {
      "from non-GPL compatible program",
      "give the program a licence that the kernel takes as GPL: char LICENSE[] SEC(\"license\") ="
          + " \"GPL\""
    },
    {
      "cannot call GPL-restricted function",
      "give the program a licence that the kernel takes as GPL: char LICENSE[] SEC(\"license\") ="
          + " \"GPL\""
    },
    {
      "unknown func bpf_probe_read_kernel",
      "this kernel lets no program read its memory (lockdown=confidentiality): start it without"
    },
    {
      "cannot use helper bpf_probe_read_kernel",
      "this kernel lets no program read its memory (lockdown=confidentiality): start it without"
    },
    {"uses reserved fields", "the instruction is too new for this kernel: compile with -mcpu=v3"},
    {"unknown opcode", "the instruction is too new for this kernel: compile with -mcpu=v3"},
    {"non-sleepable prog", "make the program sleepable (iter.s/), where its target allows it"},
    {"cannot use helper", "iterators may not call this helper; do without it"},
    {"calling kernel function", "iterators may not call this function; do without it"},
    {"unknown func", "this kernel is too old for the helper; run a newer one or do without it"},
    {"invalid func", "this kernel is too old for the helper; run a newer one or do without it"},
    {"At program exit the register R0", "return 0, or 1 to be shown the object again"},
    {"stores into R1 ctx", "only read the context"},
    {"invalid bpf_context access", "read pointers of the context whole, and only what it has"},
    {
      "invalid mem access",
      "the verifier does not know this for a pointer to kernel data: read it through"
          + " bpf_probe_read_kernel"
    },
    {"access beyond struct", "the type is smaller in this kernel: use CO-RE accesses"},
    {"infinite loop", "bound the loop by a counter, or use bpf_loop"},
    {"back-edge", "this kernel takes no loops: unroll it"},
    {"BPF program is too large", "do less for each object, or move loops into bpf_loop"},
    {"too complex", "do less for each object, or split the program into functions"},
    {"combined stack size", "keep large variables in a map instead"},
    {"Possibly NULL pointer", "check the pointer for NULL before passing it on"},
    {"min value is negative", "check the lower bound of the value before using it as an index"},
    {"unbounded memory access", "check the bounds of the value before using it as an index"},
    {"missing btf func_info", "compile with -g, so that the object says what its functions are"},
  };

  private VerifierReport() {}

  static VerifierException of(ProgramSpec program, Relocating relocating, int errno, String log) {
    String[] all = log.strip().split("\n", -1);
    int explanation = explanation(all);
    String[] lines = Arrays.copyOf(all, explanation);
    int last = lastReason(lines);
    String reason = last < 0 ? "" : lines[last].strip();
    int slot = lastSlot(lines, last);
    String source = slot < 0 ? "" : source(program, slot);
    StringBuilder message = new StringBuilder("the kernel refuses program ");
    message.append(program.name());
    if (!source.isEmpty()) {
      message.append(" at ").append(source, 0, source.indexOf('\n'));
    }
    message.append(": ");
    String poisoned = poisoned(reason, relocating, slot);
    if (!poisoned.isEmpty()) {
      message.append(poisoned);
    } else if (reason.isEmpty()) {
      message
          .append(Errno.text(errno))
          .append(", without a reason: it may be too old for something the program uses");
    } else {
      message.append(reason);
      String remedy = remedy(reason);
      if (remedy.isEmpty()) {
        remedy = suggestion(all, explanation);
      }
      if (!remedy.isEmpty()) {
        message.append("; ").append(remedy);
      }
    }
    return new VerifierException(message.toString(), errno, log, detail(source, lines));
  }

  /** What the verifier objects to and in which source line, {@code f.bpf.c:12: R1 ...}. */
  static String reason(ProgramSpec program, String log) {
    String[] all = log.strip().split("\n", -1);
    String[] lines = Arrays.copyOf(all, explanation(all));
    int last = lastReason(lines);
    int slot = lastSlot(lines, last);
    String source = slot < 0 ? "" : source(program, slot);
    return (source.isEmpty() ? "" : source.substring(0, source.indexOf('\n')) + ": ")
        + (last < 0 ? "" : lines[last].strip());
  }

  private static int explanation(String[] lines) {
    int explanation = 0;
    while (explanation < lines.length && !lines[explanation].startsWith(EXPLANATION)) {
      explanation++;
    }
    return explanation;
  }

  /** The line that says why; -1 for none. */
  private static int lastReason(String[] lines) {
    int last = lines.length - 1;
    while (last >= 0 && isSummary(lines[last])) {
      last--;
    }
    return last;
  }

  private static boolean isSummary(String line) {
    return line.isBlank()
        || line.startsWith("processed ")
        || line.startsWith("verification time")
        || line.startsWith("stack depth")
        || line.startsWith("arg#")
        || line.startsWith("cur state:") // what comes after "infinite loop detected"
        || line.startsWith("old state:")
        || line.startsWith("mark_precise:");
  }

  /**
   * The slot of the last instruction that the log shows, {@code 12: (79) r1 = ...}; -1 for none.
   */
  private static int lastSlot(String[] lines, int last) {
    for (int i = last; i >= 0; i--) {
      int colon = lines[i].indexOf(": (");
      if (colon > 0 && colon < 8) {
        int slot = 0;
        for (int k = 0; k < colon && slot >= 0; k++) {
          int digit = lines[i].charAt(k) - '0';
          slot = digit < 0 || digit > 9 ? -1 : slot * 10 + digit;
        }
        if (slot >= 0) {
          return slot;
        }
      }
    }
    return -1;
  }

  /**
   * {@code file:line} and, on a second line, the text there; empty when the object does not say.
   */
  private static String source(ProgramSpec program, int slot) {
    ProgramSpec.LineInfo found = null;
    for (ProgramSpec.LineInfo line : program.lines()) {
      if (line.slot() <= slot) {
        found = line;
      }
    }
    Optional<Btf> btf = program.btf();
    if (found == null || btf.isEmpty()) {
      return "";
    }
    String file = btf.get().string(found.file());
    return file.substring(file.lastIndexOf('/') + 1)
        + ":"
        + found.line()
        + "\n    "
        + btf.get().string(found.text()).strip();
  }

  /** What is missing in this kernel, when the instruction is one that was poisoned for it. */
  private static String poisoned(String reason, Relocating relocating, int slot) {
    if (slot < 0
        || slot >= relocating.slots().length
        || !reason.contains(Integer.toString(Code.immediate(relocating.slots()[slot])))
        || Code.immediate(relocating.slots()[slot]) != CoreRelocator.POISON) {
      return "";
    }
    String what = relocating.describe(slot);
    return (what.isEmpty() ? "what it reads there" : what)
        + " is not in this kernel; guard the access by bpf_core_field_exists, or read the field by the"
        + " name it has here";
  }

  private static String remedy(String reason) {
    for (String[] entry : REMEDIES) {
      if (reason.contains(entry[0])) {
        return entry[1];
      }
    }
    return "";
  }

  /** What the kernel suggests; empty when it does not. */
  private static String suggestion(String[] lines, int from) {
    StringBuilder text = new StringBuilder();
    boolean within = false;
    for (int i = from; i < lines.length && !(within && lines[i].isBlank()); i++) {
      if (within) {
        text.append(text.isEmpty() ? "" : " ").append(lines[i].strip());
      }
      within |= lines[i].equals(SUGGESTION);
    }
    if (text.isEmpty()) {
      return "";
    }
    text.setCharAt(0, Character.toLowerCase(text.charAt(0)));
    int end = text.length() - 1;
    return text.charAt(end) == '.' ? text.substring(0, end) : text.toString();
  }

  private static String detail(String source, String[] lines) {
    StringBuilder detail = new StringBuilder();
    if (!source.isEmpty()) {
      detail.append("  ").append(source).append('\n');
    }
    int from = Math.max(0, lines.length - TAIL_LINES);
    if (from > 0) {
      detail.append("  (").append(from).append(" lines of the verifier's log before these)\n");
    }
    for (int i = from; i < lines.length; i++) {
      detail.append("  ").append(lines[i]).append('\n');
    }
    return detail.toString().stripTrailing();
  }
}
