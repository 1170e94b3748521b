// SPDX-License-Identifier: Apache-2.0
/** Rows as text: how a value of each kind is written, and the formats that rows are put out in. */
package org.bpfdump.query.render;
