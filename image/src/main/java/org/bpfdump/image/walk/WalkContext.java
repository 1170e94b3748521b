// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.kernel.Parameter;

/**
 * What a pass works with.
 *
 * @param snapshot the kernel
 * @param memory the pass's own view of its memory
 * @param parameter what of the target to walk
 * @param network address of the {@code struct net} that the pass is in
 * @param pids address of the {@code struct pid_namespace} that the pass is in
 * @param buffers where objects are made that the image does not have as the program wants them
 * @param notes takes what is broken
 */
public record WalkContext(
    Snapshot snapshot,
    VirtualMemory memory,
    Parameter parameter,
    long network,
    long pids,
    Buffers buffers,
    Notes notes) {}
