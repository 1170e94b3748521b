// SPDX-License-Identifier: Apache-2.0
/**
 * The one door to the running kernel: bpf(2) and the few other system calls it needs, through the
 * foreign function API. Not exported.
 *
 * <p>{@link org.bpfdump.live.sys.Syscalls} is the door itself, and the one place where a test may
 * put something else; {@link org.bpfdump.live.sys.Bpf} gives bpf(2)'s commands names and types.
 * Results are the kernel's: zero or more, or an error number negated, so that a caller decides what
 * an error means where it happened.
 */
package org.bpfdump.live.sys;
