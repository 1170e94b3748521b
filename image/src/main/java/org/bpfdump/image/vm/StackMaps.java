// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.SimpleVerificationTypeInfo;
import java.lang.classfile.attribute.StackMapFrameInfo.VerificationTypeInfo;
import java.lang.classfile.attribute.StackMapTableAttribute;
import java.util.ArrayList;
import java.util.List;

/**
 * The stack maps of a method whose local variables all have their types from the first label on,
 * and whose stack is empty at each: they need not be found out, which takes long for wild code.
 */
final class StackMaps {
  static final VerificationTypeInfo LONG = SimpleVerificationTypeInfo.LONG;
  static final VerificationTypeInfo INT = SimpleVerificationTypeInfo.INTEGER;
  static final VerificationTypeInfo PROCESSOR =
      StackMapFrameInfo.ObjectVerificationTypeInfo.of(Names.PROCESSOR);
  static final VerificationTypeInfo FRAME =
      StackMapFrameInfo.ObjectVerificationTypeInfo.of(Names.FRAME);
  static final VerificationTypeInfo BYTES =
      StackMapFrameInfo.ObjectVerificationTypeInfo.of(Names.BYTES);

  private final CodeBuilder code;
  private final List<VerificationTypeInfo> locals;
  private final List<StackMapFrameInfo> frames = new ArrayList<>();
  private int next;

  /**
   * @param parameters types of the parameters, the receiver's first
   */
  StackMaps(CodeBuilder code, VerificationTypeInfo... parameters) {
    this.code = code;
    this.locals = new ArrayList<>(List.of(parameters));
    for (VerificationTypeInfo parameter : parameters) {
      next += width(parameter);
    }
  }

  private static int width(VerificationTypeInfo type) {
    return type.equals(LONG) ? 2 : 1;
  }

  /** One more local variable; all are there before the first label is bound. */
  int local(VerificationTypeInfo type) {
    if (!frames.isEmpty()) {
      throw new IllegalStateException("a local variable after a label");
    }
    locals.add(type);
    int local = next;
    next += width(type);
    return local;
  }

  /** Places a label here. */
  void bind(Label label) {
    code.labelBinding(label);
    frames.add(StackMapFrameInfo.of(label, locals, List.of()));
  }

  /** Places a label where another may be as well: a place has one stack map. */
  void bindInside(Label label) {
    bind(label);
    code.nop();
  }

  /** Ends the method. */
  void end() {
    if (!frames.isEmpty()) {
      code.with(StackMapTableAttribute.of(frames));
    }
  }
}
