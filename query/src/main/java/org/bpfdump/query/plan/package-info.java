// SPDX-License-Identifier: Apache-2.0
/**
 * A query that is known to make sense on one kernel: every name resolved, every type known, every
 * access decided. The checker makes a {@link org.bpfdump.query.plan.Plan}; the code generator, the
 * row layout and the explanations read it, and need no more than it.
 */
package org.bpfdump.query.plan;
