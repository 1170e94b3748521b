// SPDX-License-Identifier: Apache-2.0
/**
 * Queries: which fields of which objects of one target, written in C's expressions over the
 * kernel's own types. A query is compiled against the types of one kernel to a {@link
 * org.bpfdump.spec.ProgramSpec program} and a row layout; the kernel runs the one, the other reads
 * what it wrote.
 */
package org.bpfdump.query;
