// SPDX-License-Identifier: Apache-2.0
/** The {@code bpfdump} command line. */
package org.bpfdump.cli;
