// SPDX-License-Identifier: Apache-2.0
/**
 * The running kernel: {@link org.bpfdump.live.LiveKernel} loads program specs through bpf(2) and
 * reads what they write.
 *
 * <pre>{@code
 * try (LiveKernel kernel = LiveKernel.open();
 *     LiveDumper dumper = kernel.load(ObjectFile.read(Path.of("task.bpf.o")).program());
 *     Dump dump = dumper.open();
 *     Stream<String> lines = dump.lines()) {
 *   lines.forEach(System.out::println);
 *   dump.receipt().requireComplete();
 * }
 * }</pre>
 *
 * <p>{@link org.bpfdump.live.DumperTree} makes files of dumpers:
 *
 * <pre>{@code
 * DumperTree tree = DumperTree.of(kernel);
 * DumperTree.Place place = tree.place(kernel.target("task"), "my1");
 * try (LiveDumper dumper = kernel.load(program)) {
 *   tree.pin(dumper, place, Access.OWNER_READS);
 * }
 * }</pre>
 *
 * <p>{@link org.bpfdump.live.TreeMounts} shows the tree of dumpers at other places too.
 *
 * <p>It needs root, or CAP_BPF and CAP_PERFMON, to load; and native access for this module.
 */
package org.bpfdump.live;
