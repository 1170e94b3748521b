// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.time.Instant;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What the header of a kdump-compressed file says about the machine and the writer. Source: {@code
 * diskdump_mod.h} and {@code IMPLEMENTATION} of makedumpfile.
 *
 * @param version of the header, 1 to 6
 * @param system {@code uname -s}
 * @param node {@code uname -n}, the host's name
 * @param release {@code uname -r}
 * @param build {@code uname -v}
 * @param machine {@code uname -m}
 * @param time when the dump was written; the epoch when the writer did not say (QEMU)
 * @param cpus how many CPUs the header counts; 0 or 1 when the writer did not know
 * @param dumpLevel which pages makedumpfile left out, bits of its option -d; absent before version
 *     2
 * @param physBase where the kernel's image starts, relative to its link address; wrong in files of
 *     QEMU: prefer VMCOREINFO
 */
public record KdumpHeader(
    int version,
    String system,
    String node,
    String release,
    String build,
    String machine,
    Instant time,
    int cpus,
    OptionalInt dumpLevel,
    OptionalLong physBase) {}
