// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.image.snapshot.Root;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Types;
import org.bpfdump.kernel.Parameter;

/** Passes over targets of an image, without a program. */
public final class Walks {
  /** Arguments that a target has at most. */
  public static final int MOST_ARGUMENTS = Walk.MOST_ARGUMENTS;

  private final Snapshot snapshot;
  private final VirtualMemory memory;
  private final Notes notes = new Notes();
  private final ByteBuffers buffers = new ByteBuffers();

  /** On a kernel. */
  public Walks(Snapshot snapshot) {
    this.snapshot = snapshot;
    memory = snapshot.memory();
  }

  /** The target of a name, found as a service. */
  public static ImageTarget target(String name) {
    return ServiceLoader.load(ImageTarget.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(target -> target.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  /** What the iterator over a target printed in an image's machine, but for its last call. */
  public static List<String> truth(String image, String target) {
    List<String> lines = TestImages.truth(image).iterator(target);
    if (!lines.getLast().equals("end")) {
      throw new AssertionError("the output of " + target + " does not end");
    }
    return lines.subList(0, lines.size() - 1);
  }

  /** A pass in the first namespaces. */
  public Walk open(String target, Parameter parameter) {
    return open(target, parameter, snapshot.root(Root.INIT_PID_NS));
  }

  /** A pass in a network namespace. */
  public Walk openIn(String target, long network) {
    return target(target)
        .open(new WalkContext(snapshot, memory, new Parameter.None(), network, 0, buffers, notes));
  }

  /** A pass in a pid namespace. */
  public Walk open(String target, Parameter parameter, long pids) {
    return target(target)
        .open(
            new WalkContext(
                snapshot, memory, parameter, snapshot.root(Root.INIT_NET), pids, buffers, notes));
  }

  /** Each object of a pass as {@code shown} has it; it may read the arguments' memory. */
  public <T> List<T> rows(Walk walk, Function<long[], T> shown) {
    List<T> rows = new ArrayList<>();
    long[] arguments = new long[MOST_ARGUMENTS];
    while (walk.next(arguments)) {
      rows.add(shown.apply(arguments));
    }
    return rows;
  }

  /** What the passes found broken. */
  public List<String> notes() {
    return notes.list();
  }

  /** The layouts of the kernel. */
  public Types types() {
    return snapshot.types();
  }

  /** Their memory. */
  public VirtualMemory memory() {
    return memory;
  }

  /** The bytes that a walk made, by their address. */
  public byte[] bytes(long address) {
    return buffers.bytes(address);
  }

  /** A member of a struct. */
  public long get(String struct, String member, long address) {
    return snapshot.types().field(struct, member).get(memory, address);
  }

  /** The text at an address. */
  public String text(long address) {
    return new String(memory.string(address, 256), StandardCharsets.ISO_8859_1);
  }

  /** A member that is text. */
  public String text(String struct, String member, long address) {
    var field = snapshot.types().field(struct, member);
    return new String(memory.string(field.at(address), field.size()), StandardCharsets.ISO_8859_1);
  }

  private static final class ByteBuffers implements Buffers {
    private final List<byte[]> made = new ArrayList<>();

    @Override
    public Buffer allocate(int size, boolean writable) {
      made.add(new byte[size]);
      return new Buffer(made.size(), made.getLast());
    }

    byte[] bytes(long address) {
      return made.get((int) address - 1);
    }
  }
}
