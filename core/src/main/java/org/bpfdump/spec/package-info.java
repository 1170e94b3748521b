// SPDX-License-Identifier: Apache-2.0
/**
 * Program specs: immutable descriptions of programs that no kernel holds yet. A front end makes
 * them ({@link org.bpfdump.obj} from an object file), a {@link org.bpfdump.kernel.Kernel} runs
 * them, and neither knows the other.
 */
package org.bpfdump.spec;
