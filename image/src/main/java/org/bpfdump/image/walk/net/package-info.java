// SPDX-License-Identifier: Apache-2.0
/**
 * The targets of the network: sockets and routes of one network namespace, and which of these an
 * image has.
 */
package org.bpfdump.image.walk.net;
