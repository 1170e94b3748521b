// SPDX-License-Identifier: Apache-2.0
/**
 * The columns that a target has when nobody names others. They are queries in text files beside
 * this package, {@code task_file.query}; a user's own files come first.
 */
package org.bpfdump.query.columns;
