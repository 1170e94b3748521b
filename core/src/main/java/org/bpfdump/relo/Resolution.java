// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

/**
 * What a relocation comes to.
 *
 * @param expected local BTF's answer, which the instruction should hold
 * @param actual the kernel's; null when there is none, so that the instruction is to be poisoned
 */
record Resolution(Answer expected, Answer actual) {}
