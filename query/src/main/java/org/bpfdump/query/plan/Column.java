// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.plan;

/**
 * One column of a plan.
 *
 * @param label its heading
 * @param text the expression as it was written
 * @param cell what is in it
 */
public record Column(String label, String text, Cell cell) {}
