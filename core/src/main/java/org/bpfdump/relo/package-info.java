// SPDX-License-Identifier: Apache-2.0
/**
 * CO-RE: finding what a program's field accesses mean in the kernel it is loaded on, and patching
 * its instructions so. <em>Local</em> BTF is the program's, <em>kernel</em> BTF the kernel's.
 */
package org.bpfdump.relo;
