// SPDX-License-Identifier: Apache-2.0
/**
 * Text as the kernel makes it: the format language of {@code bpf_seq_printf} and {@code
 * bpf_snprintf}, and objects shown by their type.
 */
package org.bpfdump.image.vm.text;
