// SPDX-License-Identifier: Apache-2.0
/**
 * ELF objects, as clang makes them of C, to program specs. No kernel and no privilege is needed.
 *
 * <pre>{@code
 * ObjectFile object = ObjectFile.read(Path.of("task_file.bpf.o"));
 * ProgramSpec program = object.program();
 * System.out.println(program.target().orElse("?") + ": " + program.code().size() + " slots");
 * }</pre>
 *
 * <p>An object is read as it is asked for: opening it looks at its sections and symbols, and only
 * the program that is chosen is put together with the functions it calls and the maps it refers to.
 */
package org.bpfdump.obj;
