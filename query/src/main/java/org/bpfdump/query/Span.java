// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query;

/**
 * A stretch of a query's text, for pointing at it.
 *
 * @param start index of its first character
 * @param end index after its last
 */
public record Span(int start, int end) {
  /** From the start of this to the end of another. */
  public Span to(Span last) {
    return new Span(start, last.end);
  }
}
