// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import static java.lang.constant.ConstantDescs.CD_Class;
import static java.lang.constant.ConstantDescs.CD_MethodHandles_Lookup;
import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;

import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.attribute.StackMapFrameInfo;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/** Makes the class of a program: a method for each function, or several for a large one. */
final class ClassMaker {
  private static final int CONSTANT =
      ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_FINAL;
  private static final ClassDesc METHOD_HANDLES = ClassDesc.of("java.lang.invoke.MethodHandles");

  private final Admitted program;
  private final HelperFields helpers;

  ClassMaker(Admitted program, HelperFields helpers) {
    this.program = program;
    this.helpers = helpers;
  }

  HelperFields helpers() {
    return helpers;
  }

  byte[] make() {
    return ClassFile.of(ClassFile.StackMapsOption.DROP_STACK_MAPS)
        .build(Names.PROGRAM, this::build);
  }

  private void build(ClassBuilder made) {
    made.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SUPER).withSuperclass(Names.COMPILED);
    MethodTypeDesc constructor = MethodTypeDesc.of(CD_void, Names.ADMITTED);
    made.withMethodBody(
        ConstantDescs.INIT_NAME,
        constructor,
        0,
        code ->
            code.aload(0)
                .aload(1)
                .invokespecial(Names.COMPILED, ConstantDescs.INIT_NAME, constructor)
                .return_());
    if (helpers.count() > 0) {
      for (int helper = 0; helper < helpers.count(); helper++) {
        made.withField(HelperFields.name(helper), Names.HELPER, CONSTANT);
      }
      made.withMethodBody(
          ConstantDescs.CLASS_INIT_NAME,
          ConstantDescs.MTD_void,
          ClassFile.ACC_STATIC,
          this::setHelpers);
    }
    made.withMethodBody("function", Names.INDEXED, 0, this::dispatch);
    for (int function = 0; function < program.functions(); function++) {
      Parts.of(program, function).write(made, helpers);
    }
  }

  private void setHelpers(CodeBuilder code) {
    ClassDesc array = Names.HELPER.arrayType();
    code.invokestatic(METHOD_HANDLES, "lookup", MethodTypeDesc.of(CD_MethodHandles_Lookup))
        .loadConstant(ConstantDescs.DEFAULT_NAME)
        .loadConstant(array)
        .invokestatic(
            METHOD_HANDLES,
            "classData",
            MethodTypeDesc.of(CD_Object, CD_MethodHandles_Lookup, CD_String, CD_Class))
        .checkcast(array)
        .astore(0);
    for (int helper = 0; helper < helpers.count(); helper++) {
      code.aload(0)
          .loadConstant(helper)
          .aaload()
          .putstatic(Names.PROGRAM, HelperFields.name(helper), Names.HELPER);
    }
    code.return_();
  }

  private void dispatch(CodeBuilder code) {
    List<SwitchCase> cases = new ArrayList<>();
    for (int function = 1; function < program.functions(); function++) {
      cases.add(SwitchCase.of(function, code.newLabel()));
    }
    StackMaps maps =
        new StackMaps(
            code,
            StackMapFrameInfo.ObjectVerificationTypeInfo.of(Names.PROGRAM),
            StackMaps.PROCESSOR,
            StackMaps.INT,
            StackMaps.LONG,
            StackMaps.LONG,
            StackMaps.LONG,
            StackMaps.LONG,
            StackMaps.LONG);
    if (!cases.isEmpty()) {
      Label first = code.newLabel();
      code.iload(2).tableswitch(first, cases);
      maps.bind(first);
    }
    call(code, 0);
    for (SwitchCase one : cases) {
      maps.bind(one.target());
      call(code, one.caseValue());
    }
    maps.end();
  }

  private static void call(CodeBuilder code, int function) {
    code.aload(1).lload(3).lload(5).lload(7).lload(9).lload(11);
    code.invokestatic(Names.PROGRAM, Names.function(function), Names.FUNCTION).lreturn();
  }
}
