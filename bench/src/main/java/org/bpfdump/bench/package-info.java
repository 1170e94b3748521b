// SPDX-License-Identifier: Apache-2.0
/** Benchmarks against the peers that the project measures itself by. */
package org.bpfdump.bench;
