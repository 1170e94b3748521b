// SPDX-License-Identifier: Apache-2.0
/**
 * The memory image of a kernel that crashed or was snapshotted: a {@link org.bpfdump.kernel.Kernel}
 * whose programs run in the JVM, over what the image has.
 */
package org.bpfdump.image;
