// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm.helper;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfdump.asm.Code;
import org.bpfdump.asm.Instruction;
import org.bpfdump.error.VerifierException;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.Helper;
import org.bpfdump.image.vm.Interpreter;
import org.bpfdump.image.vm.Processor;
import org.bpfdump.image.vm.Program;
import org.bpfdump.image.vm.Regions;
import org.bpfdump.image.vm.SeqBuffer;
import org.bpfdump.image.vm.map.MapTable;
import org.bpfdump.image.vm.map.ProgramMaps;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;

/**
 * One program, run by the running kernel and by the machine for images: what both write is to be
 * the same. It is called with sequence numbers 0, 1, 2, ... and writes nothing beyond its own last.
 */
public record Twin(Code code, List<MapSpec> maps, List<Relocation> relocations) {
  /** A target with very many objects, of which nothing but the number is used. */
  private static final String TARGET = "ksym";

  private static final int OBJECTS = 50_000;

  /** So small that the kernel's buffer never overflows, and no object is shown twice. */
  private static final int READ = 1024;

  /** What the running kernel writes. */
  public byte[] live() {
    ProgramSpec spec =
        new ProgramSpec(
            "twin",
            "",
            Optional.of(TARGET),
            false,
            true,
            "GPL",
            ByteOrder.nativeOrder(),
            code,
            relocations,
            List.of(),
            List.of(),
            maps,
            List.of(),
            Optional.empty());
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (LiveKernel kernel = LiveKernel.open();
        Dumper dumper = kernel.load(spec);
        Dump dump = dumper.open();
        Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(READ);
      for (long n = dump.read(into); n > 0; n = dump.read(into)) {
        all.writeBytes(into.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
      }
    } catch (VerifierException e) {
      throw new AssertionError(e.getMessage() + "\n" + e.log(), e);
    }
    return all.toByteArray();
  }

  /** What the machine for images writes. */
  public byte[] own() {
    return own(TestImages.shared("7.2"));
  }

  /** The same with this kernel's types. */
  public byte[] own(Snapshot snapshot) {
    Regions memory = new Regions();
    MapTable table =
        new ProgramMaps(maps, snapshot, config -> new byte[config.size()]).attach(memory);
    long[] slots = code.toArray();
    for (Relocation relocation : relocations) {
      switch (relocation) {
        case Relocation.MapReference(int slot, int map) -> patch(slots, slot, table.handle(map));
        case Relocation.MapValue(int slot, int map, int offset) ->
            patch(slots, slot, table.value(map, offset));
        default -> throw new AssertionError(relocation);
      }
    }
    Map<Integer, Helper> calls = new HashMap<>();
    for (int i = 0; i < code.size(); i++) {
      if (Instruction.decode(code, i) instanceof Instruction.CallHelper(int helper)) {
        calls.put(i, Helpers.require(helper, snapshot.btf(), "twin"));
      }
    }
    Output output = new Output();
    Processor processor =
        new Processor(
            snapshot, snapshot.memory(), memory, output, new HelperState(snapshot, table));
    ByteBuffer meta = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
    long metaAddress = memory.add(meta.array(), false);
    long context =
        memory.add(
            ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN).putLong(metaAddress).array(),
            false);
    var prepared = new Interpreter().prepare(new Program("twin", Code.of(slots), calls));
    for (int i = 0; i < OBJECTS; i++) {
      meta.putLong(16, i);
      prepared.run(processor, context);
    }
    return output.bytes.toByteArray();
  }

  private static void patch(long[] slots, int slot, long value) {
    slots[slot] = Code.withImmediate(Code.withSrc(slots[slot], 0), (int) value);
    slots[slot + 1] = Code.withImmediate(slots[slot + 1], (int) (value >>> 32));
  }

  /** Never full. */
  private static final class Output implements SeqBuffer {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    @Override
    public boolean write(byte[] from, int offset, int length) {
      bytes.write(from, offset, length);
      return true;
    }

    @Override
    public boolean overflowed() {
      return false;
    }
  }
}
