// SPDX-License-Identifier: Apache-2.0
/**
 * From a {@link org.bpfdump.query.plan.Plan} to a program for one kernel.
 *
 * <p>A program, once for each object: is this the end (then an END record); is it the first
 * (BEGIN); does it match; then chunk by chunk the cells of the row, built on the stack, and its
 * texts, built in a map. Registers R6 to R9 hold what lasts: the context, two of its pointers, and
 * the NULL bits of the chunk. All else is computed in R0 to R5 and, across calls, kept in slots of
 * the stack.
 */
package org.bpfdump.query.code;
