// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.Optional;
import org.bpfdump.btf.Btf;

/**
 * A module that was loaded.
 *
 * @param name as lsmod(8) has it
 * @param address of its {@code struct module}
 * @param base address of its code
 * @param size bytes of its code and data, all parts together
 * @param symbols its own; none when the image does not have them
 * @param btf its types, which go on from the kernel's; empty when it has none
 */
public record KernelModule(
    String name, long address, long base, long size, Symbols symbols, Optional<Btf> btf) {}
