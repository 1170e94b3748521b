// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;

/** Stop-gap until org.bpfdump.btf has its C renderer. */
final class CTypes {
  private CTypes() {}

  static String declare(Btf btf, int id, String name) {
    return switch (btf.type(id)) {
      case BtfType.Ptr ptr -> declare(btf, ptr.type(), "*" + name);
      case BtfType.Struct struct -> "struct " + struct.name() + " " + name;
      case BtfType.Void _ -> "void " + name;
      default -> btf.name(id) + (name.isEmpty() ? "" : " " + name);
    };
  }
}
