// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Label;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes the pattern switches of compiled classes start fast: a step of building the run-time image,
 * like {@link Training}. For each of them javac leaves an {@code invokedynamic} that has the JVM
 * spin a class in every process, which no ahead-of-time cache keeps (JDK 25), and a command goes
 * through fifty. A method of the class itself that asks {@code instanceof} for one label after the
 * other gives the same answers.
 */
final class SwitchInliner {
  private static final String BOOTSTRAPS = "Ljava/lang/runtime/SwitchBootstraps;";
  private static final int FLAGS =
      ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC;

  /** A method in the place of a call site. */
  private record Method(String name, MethodTypeDesc type, List<ConstantDesc> labels) {}

  private final ClassModel model;
  private final List<Method> methods = new ArrayList<>();

  private SwitchInliner(ClassModel model) {
    this.model = model;
  }

  /** Rewrites the class files under these directories; all they refer to must be found, too. */
  public static void main(String[] directories) throws IOException {
    for (String directory : directories) {
      try (Stream<Path> files = Files.walk(Path.of(directory))) {
        files.filter(file -> file.toString().endsWith(".class")).forEach(SwitchInliner::rewrite);
      }
    }
  }

  private static void rewrite(Path file) {
    try {
      Optional<byte[]> inlined = inline(Files.readAllBytes(file));
      if (inlined.isPresent()) {
        Files.write(file, inlined.get());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The class of a class file without those instructions; empty where there is none. */
  static Optional<byte[]> inline(byte[] classFile) {
    ClassFile format = ClassFile.of();
    ClassModel model = format.parse(classFile);
    if (model.methods().stream().noneMatch(SwitchInliner::hasSwitch)) {
      return Optional.empty();
    }
    SwitchInliner inliner = new SwitchInliner(model);
    return Optional.of(
        format.transformClass(
            model,
            ClassTransform.transformingMethodBodies(SwitchInliner::hasSwitch, inliner::replace)
                .andThen(ClassTransform.endHandler(inliner::define))));
  }

  private static boolean hasSwitch(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .anyMatch(SwitchInliner::isSwitch);
  }

  /** Whether it chooses by types alone: constants and enums among the labels are left as is. */
  private static boolean isSwitch(CodeElement element) {
    return element instanceof InvokeDynamicInstruction call
        && call.bootstrapMethod().owner().descriptorString().equals(BOOTSTRAPS)
        && call.name().equalsString("typeSwitch")
        && call.bootstrapArgs().stream().allMatch(ClassDesc.class::isInstance);
  }

  private void replace(CodeBuilder code, CodeElement element) {
    if (isSwitch(element) && element instanceof InvokeDynamicInstruction call) {
      String name = "typeSwitch$" + methods.size();
      methods.add(new Method(name, call.typeSymbol(), call.bootstrapArgs()));
      boolean inInterface = model.flags().has(AccessFlag.INTERFACE);
      code.invokestatic(model.thisClass().asSymbol(), name, call.typeSymbol(), inInterface);
    } else {
      code.with(element);
    }
  }

  private void define(ClassBuilder builder) {
    for (Method method : methods) {
      builder.withMethodBody(method.name(), method.type(), FLAGS, code -> body(code, method));
    }
  }

  /** {@code int typeSwitch(Object selector, int from)}; -1 for null, see SwitchBootstraps. */
  private static void body(CodeBuilder code, Method method) {
    Label present = code.newLabel();
    code.aload(0).ifnonnull(present).iconst_m1().ireturn().labelBinding(present);
    int index = 0;
    for (ConstantDesc label : method.labels()) {
      Label next = code.newLabel();
      code.iload(1).loadConstant(index).if_icmpgt(next);
      code.aload(0).instanceOf((ClassDesc) label).ifeq(next);
      code.loadConstant(index).ireturn().labelBinding(next);
      index++;
    }
    code.loadConstant(index).ireturn();
  }
}
