// SPDX-License-Identifier: Apache-2.0
/**
 * Everything that can go wrong, as one sealed hierarchy of unchecked exceptions.
 *
 * <p>A message starts lower-case with what failed, goes on with where and why, and ends with what
 * to do. It fits one line; what needs more room (the end of a verifier log) is in {@link
 * org.bpfdump.error.BpfdumpException#detail()}.
 */
package org.bpfdump.error;
