// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.spec;

import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;

/**
 * A program for an iterator target, not loaded yet.
 *
 * <p>The code is whole: the subprograms it calls follow the main program in it, and calls between
 * them are resolved. What only a kernel can resolve is in {@code relocations}.
 *
 * @param name name of the program's function
 * @param section ELF section it came from, {@code iter/task_file}; empty when it came from none
 * @param target BTF name of the target it wants, {@code task_file}; empty when it does not say
 * @param sleepable whether it is to be loaded as a sleepable program
 * @param autoload whether it is meant to be loaded without being named (no {@code ?} before its
 *     section)
 * @param license its licence, as the kernel reads it
 * @param order byte order of the machines it is compiled for
 * @param code main program, then subprograms
 * @param relocations in ascending order of slot; several {@link Relocation.Core} may share none
 * @param functions where each function of the code begins, ascending, the first at slot 0; empty
 *     when the object has no function information
 * @param lines source lines, ascending by slot; empty when the object has none
 * @param maps the maps it refers to, by relocation or as another map's slots, and after those the
 *     other maps of its object, which it may be told to walk; relocations name them by index into
 *     this list
 * @param callees programs that its prog-array maps hold from the start, without callees of their
 *     own; each has the same {@code maps} as this one
 * @param btf the types of the program, ready for a kernel to take: sections sized, externs replaced
 */
public record ProgramSpec(
    String name,
    String section,
    Optional<String> target,
    boolean sleepable,
    boolean autoload,
    String license,
    ByteOrder order,
    Code code,
    List<Relocation> relocations,
    List<FunctionInfo> functions,
    List<LineInfo> lines,
    List<MapSpec> maps,
    List<ProgramSpec> callees,
    Optional<Btf> btf) {

  public ProgramSpec {
    relocations = List.copyOf(relocations);
    functions = List.copyOf(functions);
    lines = List.copyOf(lines);
    maps = List.copyOf(maps);
    callees = List.copyOf(callees);
  }

  /** This program for another target. */
  public ProgramSpec withTarget(String newTarget) {
    return new ProgramSpec(
        name,
        section,
        Optional.of(newTarget),
        sleepable,
        autoload,
        license,
        order,
        code,
        relocations,
        functions,
        lines,
        maps,
        callees,
        btf);
  }

  /**
   * The beginning of a function.
   *
   * @param slot its first slot
   * @param type id of its FUNC
   */
  public record FunctionInfo(int slot, int type) {}

  /**
   * The source line of an instruction; offsets are into the strings of the program's BTF.
   *
   * @param slot the instruction
   * @param file offset of the file's name
   * @param text offset of the line's text
   * @param line line number, from 1
   * @param column column, from 1; 0 for none
   */
  public record LineInfo(int slot, int file, int text, int line, int column) {}
}
