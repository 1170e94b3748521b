// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.bpfdump.asm.Code;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.spec.ProgramSpec;

/**
 * Whether a program can write to the values of the map whose elements it walks. The verifier knows
 * and does not say; so it is asked about the same program with the value where it takes no writes:
 * in place of the key, of which programs may only read. What it takes then cannot write to the
 * value; what it refuses is said to. Sources: {@code kernel/bpf/map_iter.c}, {@code
 * net/core/bpf_sk_storage.c}, {@code net/core/sock_map.c} ({@code ctx_arg_info}).
 */
final class ValueWrites {
  /** Where the contexts of all three targets have what is walked, after meta and map. */
  private static final int SECOND = 16;

  private static final int THIRD = 24;

  private ValueWrites() {}

  /** Why it is taken to write, in a few words; empty when it cannot. */
  static Optional<String> of(
      LiveKernel kernel, ProgramSpec program, Bpf.ProgramAttributes attributes, String target) {
    return switch (target) {
      // (meta, map, key, value): the value from where the key is
      case "bpf_map_elem" -> asked(kernel, program, attributes, target, THIRD);
      // (meta, map, sk, value): with both exchanged it is one of (meta, map, key, sk)
      case "bpf_sk_storage_map" -> asked(kernel, program, attributes, "sockmap", SECOND);
      default -> Optional.empty(); // these give no pointer that may be written through
    };
  }

  private static Optional<String> asked(
      LiveKernel kernel,
      ProgramSpec program,
      Bpf.ProgramAttributes attributes,
      String as,
      int from) {
    Code code =
        Code.read(ByteBuffer.wrap(attributes.instructions()).order(ByteOrder.nativeOrder()));
    Optional<List<Integer>> loads = ContextLoads.find(code, program.functions(), from);
    int function = Attachment.function(kernel.btf(), as);
    if (loads.isEmpty() || function == 0) {
      return Optional.of("that cannot be told of it");
    }
    Bpf.ProgramAttributes exchanged =
        attributes.with(bytes(exchanged(code, loads.get())), function);
    int result = Loading.load(kernel.bpf(), exchanged);
    String log = "";
    if (result < 0) {
      Bpf.Logged logged = Loading.logged(kernel.bpf(), exchanged);
      result = logged.result();
      log = logged.log();
    }
    if (result >= 0) {
      Fd.own(kernel.calls(), result).close();
      return Optional.empty();
    }
    String reason = VerifierReport.reason(program, log);
    return Optional.of(reason.isEmpty() ? Errno.text(-result) : reason);
  }

  private static Code exchanged(Code code, List<Integer> loads) {
    long[] slots = code.toArray();
    for (int slot : loads) {
      int offset = Code.offset(slots[slot]);
      if (offset == SECOND || offset == THIRD) {
        slots[slot] = Code.withOffset(slots[slot], SECOND + THIRD - offset);
      }
    }
    return Code.of(slots);
  }

  private static byte[] bytes(Code code) {
    byte[] bytes = new byte[code.size() * 8];
    code.write(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
    return bytes;
  }
}
