// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Fd;

/** A program that the running kernel holds, with the link that attaches it to its target. */
public final class LiveDumper implements Dumper {
  /** Where {@code id} is in {@code struct bpf_prog_info} and {@code struct bpf_link_info}. */
  private static final int ID_AT = 4;

  private final LiveKernel kernel;
  private final String name;
  private final String target;
  private final Optional<String> valueWrites;
  private final Held held;

  LiveDumper(
      LiveKernel kernel, String name, String target, Optional<String> valueWrites, Held held) {
    this.kernel = kernel;
    this.name = name;
    this.target = target;
    this.valueWrites = valueWrites;
    this.held = held;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Target target() {
    return kernel.target(target);
  }

  /** The kernel's id of the program. */
  public int programId() {
    return id(held.program(), "program");
  }

  /** The kernel's id of the link. */
  public int linkId() {
    return id(held.link(), "link");
  }

  /**
   * Where it may write to the values of the map that it walks, {@code f.bpf.c:12: ...}; empty when
   * it surely does not. The kernel lets such a program change every map, also one that is frozen.
   */
  public Optional<String> valueWrites() {
    return valueWrites;
  }

  String targetName() {
    return target;
  }

  Held held() {
    return held;
  }

  private int id(Fd fd, String what) {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer info = arena.allocate(ID_AT + 4, 8).asByteBuffer().order(ByteOrder.nativeOrder());
      Bpf.check(kernel.bpf().info(fd.number(), info), "ask the kernel about " + what + " " + name);
      return info.getInt(ID_AT);
    }
  }

  @Override
  public LiveDump open() {
    int result = kernel.bpf().iterCreate(held.link().number());
    Fd iterator = kernel.bpf().own(result, "open a dump of " + target);
    List<Fd> holders = new ArrayList<>();
    try {
      for (Fd holder : held.programHolders()) {
        holders.add(holder.duplicate());
      }
    } catch (RuntimeException e) {
      iterator.close();
      Held.closeAll(holders);
      throw e;
    }
    return new LiveDump(kernel.calls(), iterator, holders, target);
  }

  /**
   * Starts a pass over the target as another network namespace has it. Targets that belong to
   * network namespaces (sockets, routes) show the one of the thread that opens the pass: a thread
   * of its own enters the namespace, does that, and ends; the caller's stays where it is. For other
   * targets it is {@link #open()}.
   *
   * @param namespace may be closed as soon as this returns
   * @throws org.bpfdump.error.SyscallException when it may not be entered, which takes
   *     CAP_SYS_ADMIN
   * @throws org.bpfdump.error.RequestException when it is a namespace of another kind
   */
  public LiveDump openIn(NetworkNamespace namespace) {
    return namespace.inside(this::open);
  }

  @Override
  public void close() {
    held.close();
  }
}
