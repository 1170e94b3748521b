// SPDX-License-Identifier: Apache-2.0
/**
 * The contract of every kernel, running or not: it has targets, and runs program specs over them.
 *
 * <pre>{@code
 * ObjectFile object = ObjectFile.read(Path.of("task.bpf.o"));
 * try (Kernel kernel = LiveKernel.open();
 *     Dumper dumper = kernel.load(object.program());
 *     Dump dump = dumper.open()) {
 *   dump.lines().forEach(System.out::println);
 *   System.out.println(dump.receipt());
 * }
 * }</pre>
 *
 * <p>Each of the three is closed by whoever got it, in any order.
 */
package org.bpfdump.kernel;
