// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.plan;

import org.bpfdump.query.Span;

/** Characters, of which there is no saying how many before the program runs. */
public sealed interface Text {
  /** Bytes of a path or string that are delivered at most, the NUL included. */
  int LONGEST = 4096;

  /** Where it stands in the query. */
  Span span();

  /** An array in the kernel's memory: up to its first NUL, or all of it. */
  record CharArray(Span span, Place place, int length) implements Text {}

  /** What a pointer points at, up to its NUL; at most {@code max} bytes, the NUL included. */
  record StringAt(Span span, Value pointer, int max) implements Text {}

  /** The path of a {@code struct path}, as the kernel's {@code d_path} has it. */
  record PathOf(Span span, Place path) implements Text {}

  /** The symbol at an address, without offset. */
  record SymbolAt(Span span, Value address) implements Text {}

  /**
   * As many bytes as a number says, or up to a NUL if one comes before; at most {@code max} with
   * the NUL. NULL where the number is negative.
   */
  record Counted(Span span, Value pointer, Value length, int max) implements Text {}

  /** A constant and what follows it. */
  record Joined(Span span, String before, Text after) implements Text {}

  /** One of two; NULL when the condition is. */
  record Choice(Span span, Value condition, Text yes, Text no) implements Text {}

  /** A constant. */
  record Literal(Span span, String value) implements Text {}
}
