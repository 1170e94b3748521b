// SPDX-License-Identifier: Apache-2.0
/**
 * Dumpers as files: the FUSE protocol, as far as a tree of them needs it. Source of all numbers and
 * layouts: {@code include/uapi/linux/fuse.h}, protocol 7.31 (Linux 5.4), which later kernels speak
 * with who asks for it.
 */
package org.bpfdump.image.fuse;
