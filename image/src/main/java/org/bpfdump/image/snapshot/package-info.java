// SPDX-License-Identifier: Apache-2.0
/**
 * What an image says of its kernel: notes, symbols, types, and the roots that walks start from. It
 * makes raw memory readable by names.
 */
package org.bpfdump.image.snapshot;
