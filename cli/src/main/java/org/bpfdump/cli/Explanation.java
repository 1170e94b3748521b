// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import org.bpfdump.btf.Btf;
import org.bpfdump.query.LoadedQuery;

/** placeholder */
final class Explanation {
  private Explanation() {}

  static String of(LoadedQuery loaded, Btf kernel, int processed) {
    return "processed " + processed + "\n";
  }
}
