// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

/**
 * A question that a program asks about the kernel's types. Source: {@code struct bpf_core_relo} in
 * {@code include/uapi/linux/bpf.h}.
 *
 * @param kind what is asked
 * @param type id of the root type in local BTF
 * @param access the path from there, as numbers between colons: {@code 0:1:0}
 */
public record CoreRelocation(Kind kind, int type, String access) {
  /** What a relocation asks, by the kernel's number. */
  public enum Kind {
    FIELD_BYTE_OFFSET,
    FIELD_BYTE_SIZE,
    FIELD_EXISTS,
    FIELD_SIGNED,
    FIELD_LSHIFT_U64,
    FIELD_RSHIFT_U64,
    TYPE_ID_LOCAL,
    TYPE_ID_TARGET,
    TYPE_EXISTS,
    TYPE_SIZE,
    ENUMVAL_EXISTS,
    ENUMVAL_VALUE,
    TYPE_MATCHES
  }
}
