// SPDX-License-Identifier: Apache-2.0
/**
 * The target {@code ksym}: the kernel's symbols, then those of modules, of functions that modules
 * have freed, of BPF programs, and of pages of probes.
 */
package org.bpfdump.image.walk.ksym;
