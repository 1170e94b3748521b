// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

/**
 * A range of memory as the headers of an ELF core have it ({@code PT_LOAD}), not checked against
 * anything.
 *
 * @param virtual virtual address of its first byte; QEMU writes 0 or the physical one here when it
 *     did not look at the page tables
 * @param physical physical address of its first byte
 * @param fileBytes how much of it the header says the file has, from the start on
 * @param memoryBytes how much of it there was in the machine
 */
public record Segment(long virtual, long physical, long fileBytes, long memoryBytes) {}
