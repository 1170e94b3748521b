// SPDX-License-Identifier: Apache-2.0
/**
 * The BPF machine: runs programs in the JVM. Registers hold 64-bit numbers; an address is one of
 * the program's own memory, whose regions are checked on every access, or else one of the image's,
 * which is only read.
 */
package org.bpfdump.image.vm;
