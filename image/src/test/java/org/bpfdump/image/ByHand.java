// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.asm.Code;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;

/** Programs made by hand, which need nothing of a kernel but a target and bpf_seq_write. */
final class ByHand {
  private static final int SEQ_WRITE = 127;

  /** What one call of seq_write can take from the stack. */
  static final int STACK = 512;

  /** The name of the one map that some have, of one value of eight bytes. */
  static final String CALLS = "calls";

  /** What {@link #facts} writes for each call: session, number, whether there was an object. */
  static final int FACTS = 24;

  private final String target;
  private final List<Long> slots = new ArrayList<>();
  private final List<Relocation> relocations = new ArrayList<>();
  private final List<MapSpec> maps = new ArrayList<>();

  private ByHand(String target) {
    this.target = target;
    add(0x79, 6, 1, 0, 0); // r6 = ctx->meta
    add(0x79, 7, 1, 8, 0); // r7 = ctx->the first argument
  }

  private void add(int opcode, int dst, int src, int offset, int immediate) {
    slots.add(Code.slot(opcode, dst, src, offset, immediate));
  }

  /** Writes so many bytes from the end of the stack. */
  private void write(int size) {
    add(0x79, 1, 6, 0, 0); // r1 = meta->seq
    add(0xbf, 2, 10, 0, 0); // r2 = r10
    add(0x07, 2, 0, 0, -8 * ((size + 7) / 8)); // r2 -= size
    add(0xb7, 3, 0, 0, size); // r3 = size
    add(0x85, 0, 0, 0, SEQ_WRITE); // call seq_write
  }

  private ProgramSpec returning(int value) {
    add(0xb7, 0, 0, 0, value); // r0 = value
    return end();
  }

  private ProgramSpec end() {
    add(0x95, 0, 0, 0, 0); // exit
    return new ProgramSpec(
        "by_hand",
        "",
        Optional.of(target),
        false,
        true,
        "GPL",
        ByteOrder.LITTLE_ENDIAN,
        Code.of(slots.stream().mapToLong(slot -> slot).toArray()),
        relocations,
        List.of(),
        List.of(),
        maps,
        List.of(),
        Optional.empty());
  }

  /** A program of another licence. */
  static ProgramSpec licensed(ProgramSpec program, String licence) {
    return new ProgramSpec(
        program.name(),
        program.section(),
        program.target(),
        program.sleepable(),
        program.autoload(),
        licence,
        program.order(),
        program.code(),
        program.relocations(),
        program.functions(),
        program.lines(),
        program.maps(),
        program.callees(),
        program.btf());
  }

  /** Calls a helper with nothing for each object. */
  static ProgramSpec calling(String target, int helper) {
    ByHand program = new ByHand(target);
    program.add(0x85, 0, 0, 0, helper);
    return program.returning(0);
  }

  /** Writes what a function of the kernel, told by its number in its BTF, makes of a number. */
  static ProgramSpec casting(String target, int function, int number) {
    ByHand program = new ByHand(target);
    program.add(0xb7, 1, 0, 0, number); // r1 = number
    program.add(0xb7, 2, 0, 0, 0); // r2 = 0
    program.add(0x85, 0, 2, 0, function);
    program.add(0x7b, 10, 0, -8, 0); // *(u64 *)(r10 - 8) = r0
    program.write(8);
    return program.returning(0);
  }

  /** Writes the eight bytes that a symbol of the kernel is the address of. */
  static ProgramSpec memory(String target, String symbol) {
    ByHand program = new ByHand(target);
    program.relocations.add(new Relocation.KsymAddress(program.slots.size(), symbol, false));
    program.add(0x18, 1, 0, 0, 0); // r1 = &symbol
    program.add(0, 0, 0, 0, 0);
    program.add(0x79, 1, 1, 0, 0); // r1 = *(u64 *)r1
    program.add(0x7b, 10, 1, -8, 0); // *(u64 *)(r10 - 8) = r1
    program.write(8);
    return program.returning(0);
  }

  /** Writes a letter for each object, and once at the end. */
  static ProgramSpec letter(String target) {
    ByHand program = new ByHand(target);
    program.add(0x7a, 10, 0, -8, 'A'); // *(u64 *)(r10 - 8) = 'A'
    program.write(1);
    return program.returning(0);
  }

  /** Writes so many zero bytes for each object, and at the end. */
  static ProgramSpec zeroes(String target, int bytes) {
    ByHand program = new ByHand(target);
    for (int i = 8; i <= STACK; i += 8) {
      program.add(0x7a, 10, 0, -i, 0); // *(u64 *)(r10 - i) = 0
    }
    for (int left = bytes; left > 0; left -= STACK) {
      program.write(Math.min(left, STACK));
    }
    return program.returning(0);
  }

  /** Writes nothing and returns this. */
  static ProgramSpec silent(String target, int result) {
    return new ByHand(target).returning(result);
  }

  /** Writes what it is called with. */
  static ProgramSpec facts(String target) {
    ByHand program = new ByHand(target);
    program.facts();
    return program.returning(0);
  }

  private void facts() {
    add(0x79, 1, 6, 8, 0); // r1 = meta->session_id
    add(0x7b, 10, 1, -24, 0); // *(u64 *)(r10 - 24) = r1
    add(0x79, 1, 6, 16, 0); // r1 = meta->seq_num
    add(0x7b, 10, 1, -16, 0); // *(u64 *)(r10 - 16) = r1
    add(0xb7, 1, 0, 0, 0); // r1 = 0
    add(0x15, 7, 0, 1, 0); // if r7 == 0 goto over the next
    add(0xb7, 1, 0, 0, 1); // r1 = 1
    add(0x7b, 10, 1, -8, 0); // *(u64 *)(r10 - 8) = r1
    write(FACTS);
  }

  /** Counts its calls in {@link #CALLS}, and writes nothing. */
  static ProgramSpec counting(String target) {
    ByHand program = new ByHand(target);
    program.count();
    return program.returning(0);
  }

  /** Writes what it is called with, and refuses every object when it is shown the first time. */
  static ProgramSpec reluctant(String target) {
    ByHand program = new ByHand(target);
    program.count();
    program.facts();
    program.add(0xbf, 0, 8, 0, 0); // r0 = r8
    program.add(0x57, 0, 0, 0, 1); // r0 &= 1
    return program.end();
  }

  /** r8 = how often the program has been called, this time included. */
  private void count() {
    relocations.add(new Relocation.MapValue(slots.size(), 0, 0));
    maps.add(
        new MapSpec(
            CALLS,
            2,
            4,
            8,
            1,
            0,
            0,
            0,
            false,
            0,
            0,
            Optional.empty(),
            new MapContents.Data(new byte[8], false)));
    add(0x18, 1, 0, 0, 0); // r1 = &calls
    add(0, 0, 0, 0, 0);
    add(0x79, 8, 1, 0, 0); // r8 = *(u64 *)r1
    add(0x07, 8, 0, 0, 1); // r8 += 1
    add(0x7b, 1, 8, 0, 0); // *(u64 *)r1 = r8
  }
}
