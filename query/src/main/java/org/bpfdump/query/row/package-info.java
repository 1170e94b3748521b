// SPDX-License-Identifier: Apache-2.0
/** What the program of a query writes, and how it is read. */
package org.bpfdump.query.row;
