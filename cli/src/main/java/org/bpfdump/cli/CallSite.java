// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.DirectMethodHandleDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.List;
import java.util.Optional;

/** A call site that {@link CallSiteInliner} can do without, and the code that does the same. */
sealed interface CallSite {
  /** Parameters and result of the call. */
  MethodTypeDesc type();

  /** Writes a static method of that type. */
  void write(CodeBuilder code);

  /** The call site of an instruction; empty when it is none of these. */
  static Optional<CallSite> of(CodeElement element) {
    if (!(element instanceof InvokeDynamicInstruction call)) {
      return Optional.empty();
    }
    List<ConstantDesc> arguments = call.bootstrapArgs();
    return Optional.ofNullable(
        switch (call.bootstrapMethod().owner().descriptorString()) {
          case "Ljava/lang/runtime/SwitchBootstraps;" ->
              // Constants and enums among the labels are left as they are.
              call.name().equalsString("typeSwitch")
                      && arguments.stream().allMatch(ClassDesc.class::isInstance)
                  ? new TypeSwitch(
                      call.typeSymbol(), arguments.stream().map(ClassDesc.class::cast).toList())
                  : null;
          case "Ljava/lang/runtime/ObjectMethods;" ->
              switch (call.name().stringValue()) {
                case "equals" -> new Equals(call.typeSymbol(), components(arguments));
                case "hashCode" -> new HashCode(call.typeSymbol(), components(arguments));
                default -> null;
              };
          default -> null;
        });
  }

  /** The fields of a record, whose getters follow its class and the names. */
  private static List<Component> components(List<ConstantDesc> arguments) {
    return arguments.stream()
        .skip(2)
        .map(DirectMethodHandleDesc.class::cast)
        .map(getter ->
            new Component(
                getter.owner(), getter.methodName(), getter.invocationType().returnType()))
        .toList();
  }

  /** A field of a record. */
  record Component(ClassDesc owner, String name, ClassDesc type) {
    /** Replaces the record on the stack by the field. */
    void get(CodeBuilder code) {
      code.getfield(owner, name, type);
    }

    /** The class with static methods for its values: {@code Integer}, or {@code Objects}. */
    ClassDesc box() {
      return switch (TypeKind.from(type)) {
        case BOOLEAN -> ConstantDescs.CD_Boolean;
        case BYTE -> ConstantDescs.CD_Byte;
        case CHAR -> ConstantDescs.CD_Character;
        case SHORT -> ConstantDescs.CD_Short;
        case INT -> ConstantDescs.CD_Integer;
        case LONG -> ConstantDescs.CD_Long;
        case FLOAT -> ConstantDescs.CD_Float;
        case DOUBLE -> ConstantDescs.CD_Double;
        case REFERENCE, VOID -> ClassDesc.of("java.util.Objects");
      };
    }

    /** Its type where a method of {@link #box} takes it. */
    ClassDesc taken() {
      return type.isPrimitive() ? type : ConstantDescs.CD_Object;
    }
  }

  /**
   * {@code int typeSwitch(Object selector, int from)}: the first label at or after {@code from}
   * that it is an instance of, how many labels there are if none, -1 for null. Source: {@code
   * java.lang.runtime.SwitchBootstraps}.
   */
  record TypeSwitch(MethodTypeDesc type, List<ClassDesc> labels) implements CallSite {
    @Override
    public void write(CodeBuilder code) {
      Label present = code.newLabel();
      code.aload(0).ifnonnull(present).iconst_m1().ireturn().labelBinding(present);
      for (int i = 0; i < labels.size(); i++) {
        Label next = code.newLabel();
        code.iload(1).loadConstant(i).if_icmpgt(next);
        code.aload(0).instanceOf(labels.get(i)).ifeq(next);
        code.loadConstant(i).ireturn().labelBinding(next);
      }
      code.loadConstant(labels.size()).ireturn();
    }
  }

  /** {@code boolean equals(Record, Object)}. */
  record Equals(MethodTypeDesc type, List<Component> components) implements CallSite {
    @Override
    public void write(CodeBuilder code) {
      Label different = code.newLabel();
      ClassDesc self = type.parameterType(0);
      code.aload(1).instanceOf(self).ifeq(different);
      for (Component component : components) {
        component.get(code.aload(0));
        component.get(code.aload(1).checkcast(self));
        ClassDesc taken = component.taken();
        if (taken.isPrimitive()) {
          code.invokestatic(
                  component.box(), "compare", MethodTypeDesc.of(ConstantDescs.CD_int, taken, taken))
              .ifne(different);
        } else {
          code.invokestatic(
                  component.box(),
                  "equals",
                  MethodTypeDesc.of(ConstantDescs.CD_boolean, taken, taken))
              .ifeq(different);
        }
      }
      code.iconst_1().ireturn().labelBinding(different).iconst_0().ireturn();
    }
  }

  /** {@code int hashCode(Record)}. */
  record HashCode(MethodTypeDesc type, List<Component> components) implements CallSite {
    @Override
    public void write(CodeBuilder code) {
      code.iconst_0();
      for (Component component : components) {
        component.get(code.bipush(31).imul().aload(0));
        code.invokestatic(
                component.box(),
                "hashCode",
                MethodTypeDesc.of(ConstantDescs.CD_int, component.taken()))
            .iadd();
      }
      code.ireturn();
    }
  }
}
