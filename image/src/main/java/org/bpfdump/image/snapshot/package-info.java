// SPDX-License-Identifier: Apache-2.0
/**
 * What an image says of its kernel: notes, symbols, types, and the roots that walks start from. It
 * makes raw memory readable by names:
 *
 * <pre>{@code
 * try (Snapshot kernel = Snapshots.open(Path.of("vmcore"))) {
 *   VirtualMemory memory = kernel.memory();
 *   long task = kernel.root(Root.INIT_TASK);
 *   long pid = kernel.types().field("task_struct", "pid").get(memory, task);
 * }
 * }</pre>
 *
 * <p>Opening reads the table of symbols and checks the page tables; types, modules and per-CPU data
 * are read when they are first asked for.
 */
package org.bpfdump.image.snapshot;
