// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.nio.CharBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Classes whose call sites were replaced do as they did. */
class CallSiteInlinerTest {
  private sealed interface Shape {}

  private record Circle(int radius) implements Shape {}

  private record Square(int side) implements Shape {}

  /** Guards, nesting, null, and a type that is a label twice. */
  static final class Chooser implements Function<Object, String> {
    @Override
    public String apply(Object object) {
      return switch (object) {
        case null -> "null";
        case Circle(int radius) when radius > 9 -> "large circle";
        case Circle _ -> "circle";
        case Shape shape -> nested(shape);
        case CharSequence text when text.isEmpty() -> "no text";
        case String _ -> "string";
        case CharSequence _ -> "text";
        case int[] _ -> "numbers";
        case Object _ -> "else";
      };
    }

    private static String nested(Shape shape) {
      return switch (shape) {
        case Circle _ -> "unreached";
        case Square(int side) -> "square of " + side;
      };
    }
  }

  @Test
  void chooseAsBefore() throws Exception {
    byte[] before = bytes(Chooser.class);
    byte[] after = CallSiteInliner.inline(before).orElseThrow();
    assertThat(CallSiteInliner.inline(after)).as("nothing is left to replace").isEmpty();
    Object inlined = define(after).getDeclaredConstructor().newInstance();
    Function<?, ?> chooser = (Function<?, ?>) inlined;
    @SuppressWarnings("unchecked") // of any object, as Chooser is
    Function<Object, String> mine = (Function<Object, String>) chooser;
    List<Object> objects =
        List.of(
            new Circle(10),
            new Circle(9),
            new Square(4),
            "",
            "text",
            CharBuffer.allocate(0),
            CharBuffer.wrap("text"),
            new int[1],
            1);
    for (Object object : objects) {
      assertThat(mine.apply(object)).isEqualTo(new Chooser().apply(object));
    }
    assertThat(mine.apply(null)).isEqualTo("null");
  }

  /** A component of every kind of type. */
  record Sample(boolean a, byte b, char c, short d, int e, long f, float g, double h, String i) {}

  @Test
  void recordsAreEqualAsBefore() throws Exception {
    byte[] after = CallSiteInliner.inline(bytes(Sample.class)).orElseThrow();
    Constructor<?> maker = new Loader().define(after).getDeclaredConstructors()[0];
    maker.setAccessible(true);
    Object[] values = {true, (byte) 1, 'c', (short) 2, 3, 4L, Float.NaN, 5.5, "i"};
    Object[] others = {false, (byte) -1, 'd', (short) 0, 4, 4L << 32, -0f, 0.0, null};
    Sample before = new Sample(true, (byte) 1, 'c', (short) 2, 3, 4L, Float.NaN, 5.5, "i");
    Object sample = maker.newInstance(values);
    assertThat(sample).isEqualTo(maker.newInstance(values)).hasSameHashCodeAs(before);
    assertThat(sample).isNotEqualTo(before).isNotEqualTo(null);
    for (int i = 0; i < values.length; i++) {
      Object[] different = values.clone();
      different[i] = others[i];
      assertThat(maker.newInstance(different)).as("component %s", i).isNotEqualTo(sample);
      assertThat(sample).as("component %s", i).isNotEqualTo(maker.newInstance(different));
      assertThat(maker.newInstance(different)).isEqualTo(maker.newInstance(different));
    }
  }

  /** For classes whose methods take themselves, as hidden ones cannot. */
  private static final class Loader extends ClassLoader {
    Loader() {
      super(CallSiteInlinerTest.class.getClassLoader());
    }

    Class<?> define(byte[] classFile) {
      return defineClass(null, classFile, 0, classFile.length);
    }
  }

  private static Class<?> define(byte[] classFile) throws IllegalAccessException {
    return MethodHandles.lookup()
        .defineHiddenClass(classFile, true, MethodHandles.Lookup.ClassOption.NESTMATE)
        .lookupClass();
  }

  @Test
  void whatTheCommandIsMadeOfStaysValid() throws Exception {
    Path classes = Path.of(Main.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    int changed = 0;
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".class")).toList()) {
        Optional<byte[]> after = CallSiteInliner.inline(Files.readAllBytes(file));
        changed += after.isPresent() ? 1 : 0;
        assertThat(after.map(ClassFile.of()::verify).orElse(List.of())).as("%s", file).isEmpty();
      }
    }
    assertThat(changed).isPositive();
  }

  private static byte[] bytes(Class<?> type) throws IOException {
    String name = type.getName();
    try (InputStream in =
        type.getResourceAsStream(name.substring(name.lastIndexOf('.') + 1) + ".class")) {
      return in.readAllBytes();
    }
  }
}
