// SPDX-License-Identifier: Apache-2.0
/**
 * The memory of a machine as a file has it: formats of dump files, pages by physical address, and
 * the translation of virtual addresses.
 */
package org.bpfdump.image.memory;
