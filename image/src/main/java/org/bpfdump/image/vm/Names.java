// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/** What compiled programs refer to. */
final class Names {
  static final ClassDesc PROGRAM = inPackage("Translated");
  static final ClassDesc COMPILED = inPackage("Compiled");
  static final ClassDesc ADMITTED = inPackage("Admitted");
  static final ClassDesc PROCESSOR = inPackage("Processor");
  static final ClassDesc FRAME = inPackage("Frame");
  static final ClassDesc ACCESS = inPackage("Access");
  static final ClassDesc OPERATIONS = inPackage("Operations");
  static final ClassDesc HELPER = inPackage("Helper");
  static final ClassDesc MACHINE = inPackage("Machine");
  static final ClassDesc FAILURE = ClassDesc.of("org.bpfdump.error.ProgramException");
  static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
  static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();

  private static final ClassDesc LONG = ConstantDescs.CD_long;

  /** Of a function: processor, r1 to r5. */
  static final MethodTypeDesc FUNCTION =
      MethodTypeDesc.of(LONG, PROCESSOR, LONG, LONG, LONG, LONG, LONG);

  /** The same by index. */
  static final MethodTypeDesc INDEXED =
      MethodTypeDesc.of(LONG, PROCESSOR, ConstantDescs.CD_int, LONG, LONG, LONG, LONG, LONG);

  /** Of part of a function: where to begin, to where it goes on. */
  static final MethodTypeDesc PART =
      MethodTypeDesc.of(ConstantDescs.CD_int, PROCESSOR, FRAME, ConstantDescs.CD_int);

  /** Of {@link Helper#call}. */
  static final MethodTypeDesc HELP = MethodTypeDesc.of(LONG, MACHINE, LONG, LONG, LONG, LONG, LONG);

  private Names() {}

  private static ClassDesc inPackage(String name) {
    return ClassDesc.of("org.bpfdump.image.vm", name);
  }

  /** Whole functions, and the first of what they are in parts. */
  static String function(int index) {
    return "function" + index;
  }

  /** A part of a function. */
  static String part(int index, int part) {
    return "function" + index + "part" + part;
  }
}
