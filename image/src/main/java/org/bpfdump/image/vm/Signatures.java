// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.constant.MethodTypeDesc;

/** Signatures of the methods that compiled programs call. */
final class Signatures {
  // Of Processor.
  static final MethodTypeDesc ENTER = MethodTypeDesc.of(Names.FRAME);
  static final MethodTypeDesc EXIT = MethodTypeDesc.of(CD_void, CD_int, CD_int);
  static final MethodTypeDesc TAILED = MethodTypeDesc.of(CD_boolean);
  static final MethodTypeDesc RUN_TAIL = MethodTypeDesc.of(CD_long, CD_long);

  // Of Frame.
  static final MethodTypeDesc BEGIN =
      MethodTypeDesc.of(CD_void, CD_long, CD_long, CD_long, CD_long, CD_long);
  static final MethodTypeDesc RESULT = MethodTypeDesc.of(CD_long);

  // Of Access.
  static final MethodTypeDesc REGION = MethodTypeDesc.of(Names.BYTES, Names.PROCESSOR, CD_long);
  static final MethodTypeDesc TAG = MethodTypeDesc.of(CD_long, Names.PROCESSOR, CD_long);
  static final MethodTypeDesc LOAD8 =
      MethodTypeDesc.of(CD_long, Names.BYTES, CD_long, Names.PROCESSOR, CD_long, CD_int, CD_int);
  static final MethodTypeDesc LOAD =
      MethodTypeDesc.of(CD_int, Names.BYTES, CD_long, Names.PROCESSOR, CD_long, CD_int, CD_int);
  static final MethodTypeDesc STORE =
      MethodTypeDesc.of(
          CD_void, Names.BYTES, CD_long, Names.PROCESSOR, CD_long, CD_int, CD_long, CD_int);
  static final MethodTypeDesc LOAD_ANY =
      MethodTypeDesc.of(CD_long, Names.PROCESSOR, CD_long, CD_int, CD_int);
  static final MethodTypeDesc STORE_ANY =
      MethodTypeDesc.of(CD_void, Names.PROCESSOR, CD_long, CD_int, CD_long, CD_int);
  static final MethodTypeDesc ATOMIC =
      MethodTypeDesc.of(CD_long, Names.PROCESSOR, CD_long, CD_int, CD_int, CD_long, CD_int);
  static final MethodTypeDesc EXCHANGE_IF =
      MethodTypeDesc.of(CD_long, Names.PROCESSOR, CD_long, CD_int, CD_long, CD_long, CD_int);
  static final MethodTypeDesc GET8 = MethodTypeDesc.of(CD_long, Names.BYTES, CD_int);
  static final MethodTypeDesc GET = MethodTypeDesc.of(CD_int, Names.BYTES, CD_int);
  static final MethodTypeDesc SET = MethodTypeDesc.of(CD_void, Names.BYTES, CD_int, CD_long);
  static final MethodTypeDesc EXHAUSTED =
      MethodTypeDesc.of(Names.FAILURE, Names.PROCESSOR, CD_long, CD_int);
  static final MethodTypeDesc NOT_GIVEN = MethodTypeDesc.of(Names.FAILURE, Names.PROCESSOR, CD_int);

  // Of Operations and the JDK's own.
  static final MethodTypeDesc WIDE = MethodTypeDesc.of(CD_long, CD_long, CD_long);
  static final MethodTypeDesc NARROW = MethodTypeDesc.of(CD_int, CD_int, CD_int);
  static final MethodTypeDesc SWAP = MethodTypeDesc.of(CD_long, CD_long);
  static final MethodTypeDesc COMPARE = MethodTypeDesc.of(CD_int, CD_long, CD_long);

  private Signatures() {}
}
