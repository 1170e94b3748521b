// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.util.OptionalLong;

/** The symbols of a kernel that has none. */
public final class NoSymbols implements Symbols {
  @Override
  public int count() {
    return 0;
  }

  @Override
  public String name(int index) {
    throw new IndexOutOfBoundsException(index);
  }

  @Override
  public long address(int index) {
    throw new IndexOutOfBoundsException(index);
  }

  @Override
  public char type(int index) {
    throw new IndexOutOfBoundsException(index);
  }

  @Override
  public OptionalLong find(String name) {
    return OptionalLong.empty();
  }

  @Override
  public int below(long address) {
    return -1;
  }
}
