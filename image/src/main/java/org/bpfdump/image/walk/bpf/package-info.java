// SPDX-License-Identifier: Apache-2.0
/** Targets of BPF's own objects: maps, programs, links, and what maps hold. */
package org.bpfdump.image.walk.bpf;
