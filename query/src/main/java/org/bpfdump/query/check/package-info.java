// SPDX-License-Identifier: Apache-2.0
/**
 * What a query means on one kernel: names are looked up in its BTF, types are those of C, and each
 * read of memory is decided. From {@link org.bpfdump.query.syntax.Expression} to {@link
 * org.bpfdump.query.plan.Plan}.
 *
 * <pre>{@code
 * Plan plan = new Checker(btf, target, false).check(Parser.query("task: tgid, comm where mm != 0"));
 * }</pre>
 */
package org.bpfdump.query.check;
