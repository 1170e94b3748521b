// SPDX-License-Identifier: Apache-2.0
/** The targets that are lists of memory: slab caches, and buffers that devices share. */
package org.bpfdump.image.walk.memory;
