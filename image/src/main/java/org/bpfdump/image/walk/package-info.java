// SPDX-License-Identifier: Apache-2.0
/**
 * The targets of an image, one class each, which register themselves as services: what the kernel's
 * own iterators visit, in their order.
 */
package org.bpfdump.image.walk;
