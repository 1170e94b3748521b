// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;

/** A program that the running kernel holds, with the link that attaches it to its target. */
public final class LiveDumper implements Dumper {
  /** Where {@code id} is in {@code struct bpf_prog_info} and {@code struct bpf_link_info}. */
  private static final int ID_AT = 4;

  /** Where {@code verified_insns} is in {@code struct bpf_prog_info}. */
  private static final int VERIFIED_AT = 216;

  private static final String OPEN = "open a dump of ";

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

  /**
   * How many instructions the verifier has followed, of a million that it would; 0 where the kernel
   * does not say (before 5.16).
   */
  public int verifiedInstructions() {
    return info(held.program(), "program", VERIFIED_AT);
  }

  private int id(Fd fd, String what) {
    return info(fd, what, ID_AT);
  }

  private int info(Fd fd, String what, int offset) {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer info = arena.allocate(offset + 4, 8).asByteBuffer().order(ByteOrder.nativeOrder());
      Bpf.check(kernel.bpf().info(fd.number(), info), "ask the kernel about " + what + " " + name);
      return info.getInt(offset);
    }
  }

  @Override
  public LiveDump open() {
    int result = kernel.bpf().iterCreate(held.link().number());
    return dump(kernel.bpf().own(result, OPEN + target));
  }

  private LiveDump dump(Fd iterator) {
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
   * Starts a pass over the target as seen from other namespaces. Targets of the network (sockets,
   * routes) show the network namespace that a pass is opened in, targets of tasks the pid
   * namespace, where also the ids are read that a {@link org.bpfdump.kernel.Parameter} gave. A
   * thread of its own enters the network namespace and ends; into a pid namespace a process is
   * born, and ended when the pass is open. The caller stays where it is. Targets that belong to no
   * namespace give the same.
   *
   * @param namespaces at most one of each kind; they may be closed as soon as this returns
   * @throws org.bpfdump.error.SyscallException when one may not be entered, which takes
   *     CAP_SYS_ADMIN
   * @throws org.bpfdump.error.RequestException when it is a pid namespace that has no process any
   *     more, or that is not below this process's own
   */
  public LiveDump openIn(Namespace... namespaces) {
    Inside inside = Inside.of(namespaces);
    if (inside.pid() == null) {
      return inside.call(this::open);
    }
    Libc calls = new Libc();
    try (HiddenFile file = HiddenFile.of(calls, kernel.bpf(), held.link())) {
      return dump(kernel.bpf().own(inside.open(calls, file.path()), OPEN + target));
    }
  }

  @Override
  public byte[] mapValue(String map) {
    for (Held.Single single : held.singles()) {
      if (single.name().equals(map)) {
        byte[] value = new byte[single.size()];
        Bpf.check(
            kernel.bpf().mapLookup(single.map().number(), new byte[4], value), "read map " + map);
        return value;
      }
    }
    throw new RequestException("program " + name + " has no map " + map + " with one value");
  }

  @Override
  public void close() {
    held.close();
  }
}
