// SPDX-License-Identifier: Apache-2.0
/**
 * The memory image of a kernel that crashed or was snapshotted: a {@link org.bpfdump.kernel.Kernel}
 * whose programs run in the JVM, over what the image has.
 *
 * <pre>{@code
 * ObjectFile object = ObjectFile.read(Path.of("task.bpf.o"));
 * try (ImageKernel kernel = ImageKernel.open(Path.of("vmcore"));
 *     ImageDumper dumper = kernel.load(object.program());
 *     ImageDump dump = dumper.open()) {
 *   dump.lines().forEach(System.out::println);
 *   dump.receipt().requireComplete();
 * }
 * }</pre>
 *
 * <p>Inside, {@code memory} reads files, {@code snapshot} the kernel in them, {@code walk} goes
 * through its data structures, {@code vm} runs programs; this package brings them together as the
 * kernel's {@code bpf_seq_read} does.
 */
package org.bpfdump.image;
