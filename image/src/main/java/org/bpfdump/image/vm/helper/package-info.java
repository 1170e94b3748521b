// SPDX-License-Identifier: Apache-2.0
/**
 * What programs call: the kernel's helpers by number and its kernel functions by name, as far as an
 * image has an answer to them.
 */
package org.bpfdump.image.vm.helper;
