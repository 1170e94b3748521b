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
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.reflect.AccessFlag;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Makes compiled classes start fast: a step of building the run-time image, like {@link Training}.
 * For pattern switches, and for {@code equals} and {@code hashCode} of records, javac leaves an
 * {@code invokedynamic} that has the JVM spin classes in every process, which no ahead-of-time
 * cache keeps (JDK 25); a query goes through fifty and more. A method of the class itself gives the
 * same answers at no cost.
 */
final class CallSiteInliner {
  private static final int FLAGS =
      ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC | ClassFile.ACC_SYNTHETIC;

  private final ClassModel model;
  private final List<CallSite> found = new ArrayList<>();

  private CallSiteInliner(ClassModel model) {
    this.model = model;
  }

  /** Rewrites the class files under these directories; all they refer to must be found, too. */
  public static void main(String[] directories) throws IOException {
    for (String directory : directories) {
      try (Stream<Path> files = Files.walk(Path.of(directory))) {
        files.filter(file -> file.toString().endsWith(".class")).forEach(CallSiteInliner::rewrite);
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
    if (model.methods().stream().noneMatch(CallSiteInliner::hasAny)) {
      return Optional.empty();
    }
    CallSiteInliner inliner = new CallSiteInliner(model);
    return Optional.of(
        format.transformClass(
            model,
            ClassTransform.transformingMethodBodies(CallSiteInliner::hasAny, inliner::replace)
                .andThen(ClassTransform.endHandler(inliner::define))));
  }

  private static boolean hasAny(MethodModel method) {
    return method.code().stream()
        .flatMap(code -> code.elementStream())
        .anyMatch(element -> CallSite.of(element).isPresent());
  }

  private void replace(CodeBuilder code, CodeElement element) {
    Optional<CallSite> site = CallSite.of(element);
    if (site.isPresent() && element instanceof InvokeDynamicInstruction call) {
      boolean inInterface = model.flags().has(AccessFlag.INTERFACE);
      code.invokestatic(
          model.thisClass().asSymbol(), name(found.size()), call.typeSymbol(), inInterface);
      found.add(site.get());
    } else {
      code.with(element);
    }
  }

  private void define(ClassBuilder builder) {
    for (int i = 0; i < found.size(); i++) {
      CallSite site = found.get(i);
      builder.withMethodBody(name(i), site.type(), FLAGS, site::write);
    }
  }

  private static String name(int index) {
    return "callSite$" + index;
  }
}
