// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import org.bpfdump.error.RelocationException;
import org.bpfdump.image.snapshot.KernelModule;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.snapshot.Symbols;

/** Finds symbols of a kernel and its modules that a program names without a type. */
final class SymbolSearch {
  /** What LLVM appends to some. */
  private static final String SUFFIX = ".llvm.";

  private final Snapshot snapshot;
  private long found;

  SymbolSearch(Snapshot snapshot) {
    this.snapshot = snapshot;
  }

  /**
   * The address of a symbol; 0 when there is none.
   *
   * @throws RelocationException when symbols of this name have different addresses
   */
  long address(String name) {
    found = 0;
    search(snapshot.symbols(), name);
    for (KernelModule module : snapshot.modules()) {
      search(module.symbols(), name);
    }
    return found;
  }

  private void search(Symbols symbols, String name) {
    for (int i = 0; i < symbols.count(); i++) {
      String other = symbols.name(i);
      if (other.startsWith(name)
          && (other.length() == name.length() || other.startsWith(SUFFIX, name.length()))) {
        long address = symbols.address(i);
        if (found != 0 && address != found) {
          throw new RelocationException(
              "symbol " + name + " has several addresses in this kernel; choose another");
        }
        found = address;
      }
    }
  }
}
