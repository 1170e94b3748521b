// SPDX-License-Identifier: Apache-2.0
/** The language of queries: from text to {@link org.bpfdump.query.syntax.Expression}. */
package org.bpfdump.query.syntax;
