// SPDX-License-Identifier: Apache-2.0
/**
 * The maps of a program. What they hold is of a dumper and shared by its passes; where a program
 * sees it is of one pass, in the program's own memory.
 */
package org.bpfdump.image.vm.map;
