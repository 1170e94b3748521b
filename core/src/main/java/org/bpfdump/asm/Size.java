// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.asm;

/** How much memory an instruction accesses. */
public enum Size {
  BYTE(0x10, 1),
  HALF(0x08, 2),
  WORD(0x00, 4),
  DOUBLE(0x18, 8);

  private static final Size[] ALL = values();

  private final int code;
  private final int bytes;

  Size(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** Its bits in the opcode. */
  int code() {
    return code;
  }

  /** 1, 2, 4 or 8. */
  public int bytes() {
    return bytes;
  }

  /** The size of an access of this many bytes. */
  public static Size ofBytes(int bytes) {
    for (Size size : ALL) {
      if (size.bytes == bytes) {
        return size;
      }
    }
    throw new IllegalArgumentException("no instruction accesses " + bytes + " bytes");
  }

  static Size ofOpcode(int opcode) {
    int code = opcode & 0x18;
    return code == 0x10 ? BYTE : code == 0x08 ? HALF : code == 0 ? WORD : DOUBLE;
  }
}
