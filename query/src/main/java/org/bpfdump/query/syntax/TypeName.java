// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import org.bpfdump.query.Span;

/**
 * A type as it is written in a cast.
 *
 * @param tag {@code struct}, {@code union}, {@code enum}; empty for a type without one
 * @param name {@code tcp_sock}, {@code u32}, or C's words in their usual order ({@code unsigned
 *     long}); qualifiers are dropped
 * @param pointers number of {@code *} after it
 */
public record TypeName(Span span, String tag, String name, int pointers) {
  @Override
  public String toString() {
    return (tag.isEmpty() ? name : tag + " " + name)
        + (pointers == 0 ? "" : " " + "*".repeat(pointers));
  }
}
