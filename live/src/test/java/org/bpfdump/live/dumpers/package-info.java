// SPDX-License-Identifier: Apache-2.0
/**
 * The dumpers of {@code examples/} on the running kernel, through the public interface: each
 * against what the kernel says elsewhere, and with objects that the test itself made.
 */
package org.bpfdump.live.dumpers;
