// SPDX-License-Identifier: Apache-2.0
/**
 * The language of queries: from text to {@link org.bpfdump.query.syntax.Expression}, and back.
 *
 * <pre>{@code
 * QueryText query = Parser.query("task: tgid, rss = mm.total_vm * 4 where tgid == pid");
 * Expression condition = Parser.expression("mm != 0 && comm ^= \"java\"");
 * }</pre>
 *
 * <p>Expressions are C's, without what changes a value; {@code .} also follows pointers, and
 * strings are compared by {@code ==}, {@code !=}, {@code ^=} (begins with) and {@code *=}
 * (contains). {@link org.bpfdump.query.syntax.Types} tells casts from parentheses. White space is
 * free, and a comment goes from {@code #} to the end of its line. Nothing is known of kernels here.
 */
package org.bpfdump.query.syntax;
