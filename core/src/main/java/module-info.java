// SPDX-License-Identifier: Apache-2.0
/** BTF, instructions, object files, and the contract every kernel keeps. */
module org.bpfdump.core {
  exports org.bpfdump.asm;
  exports org.bpfdump.btf;
  exports org.bpfdump.error;
  exports org.bpfdump.kernel;
  exports org.bpfdump.obj;
  exports org.bpfdump.relo;
  exports org.bpfdump.spec;
  exports org.bpfdump.text;
}
