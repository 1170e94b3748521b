// SPDX-License-Identifier: Apache-2.0
/**
 * CO-RE: finding what a program's field accesses mean in the kernel it is loaded on, and patching
 * its instructions so. <em>Local</em> BTF is the program's, <em>kernel</em> BTF the kernel's.
 *
 * <pre>{@code
 * CoreRelocator relocator = new CoreRelocator(local, kernel, List::of);
 * long[] slots = code.toArray();
 * relocator.apply("dump_task", slots, 12, relocation);
 * }</pre>
 *
 * <p>A relocation is read against local BTF and becomes a question (about a field, a type or an
 * enumerator); local BTF and each candidate of the kernel answer it; the answers become one
 * resolution, and that is patched into the instruction.
 */
package org.bpfdump.relo;
