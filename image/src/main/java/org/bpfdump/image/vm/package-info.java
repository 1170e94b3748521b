// SPDX-License-Identifier: Apache-2.0
/**
 * The BPF machine: runs programs in the JVM. Registers hold 64-bit numbers; an address is one of
 * the program's own memory, whose regions are checked on every access, or else one of the image's,
 * which is only read.
 *
 * <p>An {@link org.bpfdump.image.vm.Engine} makes a program ready, once its code has been found
 * sound, and a {@link org.bpfdump.image.vm.Processor} is what it runs on. Interpreted and compiled,
 * a program gives the same results, fails at the same instruction with the same message, and costs
 * the same; only what is left of the budget after a failure is not told.
 *
 * <pre>{@code
 * Engine.Prepared ready = new TieredEngine().prepare(program);
 * Regions own = new Regions();
 * Processor processor = new Processor(snapshot, snapshot.memory(), own, output, helpers);
 * long result = ready.run(processor, own.add(context, false));
 * }</pre>
 */
package org.bpfdump.image.vm;
