// SPDX-License-Identifier: Apache-2.0
/**
 * The kernel's containers: lists, hash chains, xarrays, maple trees. A cursor is made once for a
 * pass and started on one container after the other, so that nothing is made for each element:
 *
 * <pre>{@code
 * ListCursor list = new ListCursor(memory);
 * list.start(head);
 * for (long node; (node = list.next()) != 0; ) {
 *   long object = node - link.offset();
 * }
 * }</pre>
 *
 * <p>Images are of kernels that crashed, and may be made to mislead. A cursor that meets a pointer
 * to nowhere throws {@link org.bpfdump.error.MemoryFaultException}, and one that meets a loop or a
 * structure that cannot be {@link BrokenException}. It has left the broken branch by then: the next
 * step goes on after it. No cursor runs without end, whatever is in the image, or shows an element
 * of a loop twice.
 */
package org.bpfdump.image.walk.container;
