// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.bpfdump.error.QueryException;
import org.bpfdump.testkit.HostileInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that nobody means: read, or refused with a place that is in them. */
class HostileQueryTest {
  /** Half of what a thread has where nobody says otherwise. */
  private static final long STACK = 512 << 10;

  private int read;

  @Test
  void spoiledTextsAreReadOrRefused() {
    List<byte[]> sound =
        Stream.of(
                "task/file: task.tgid, \"a b\" = path(file.f_path) # c\n where fd > 0x1fUL && !a",
                "(struct tcp_sock *)sk->x[1] + sizeof(u64) * -container_of(a, struct b, c.d)->e",
                "comm ^= \"ba\\x41\\n\" || comm[0] == 'a' ? (u64)-1 : (unsigned long)~b << 017",
                "either(__state, state) & 0b101 | b ^ c % d == e >= f >> g")
            .map(text -> text.getBytes(StandardCharsets.UTF_8))
            .toList();
    HostileInput.spoil(sound, this::readAll);
    // Were all refused at once, nothing but the first check would have been tried.
    assertThat(read).isGreaterThan(HostileInput.count() / 20);
  }

  private void readAll(byte[] bytes) {
    readAll(new String(bytes, StandardCharsets.UTF_8));
    readAll(new String(bytes, StandardCharsets.ISO_8859_1));
    readAll(new String(bytes, StandardCharsets.UTF_16LE));
  }

  private void readAll(String text) {
    attempt(text, () -> roundTrip(Parser.expression(text)));
    attempt(text, () -> Parser.column(text));
    attempt(text, () -> Parser.columns(text));
    attempt(text, () -> Parser.query(text));
  }

  private static void roundTrip(Expression expression) {
    String again;
    try {
      again = Shape.of(Parser.expression(Printer.print(expression)));
    } catch (QueryException e) {
      // Printed, a prefix may need parentheses that it had not.
      assertThat(e).hasMessageContaining("levels inside each other");
      return;
    }
    assertThat(again).isEqualTo(Shape.of(expression));
  }

  private void attempt(String text, Runnable what) {
    try {
      what.run();
      read++;
    } catch (QueryException e) {
      assertThat(e.text()).isSameAs(text);
      assertThat(e.start()).isBetween(0, text.length());
      assertThat(e.end()).isBetween(e.start(), text.length());
      assertThat(e.getMessage()).hasSizeBetween(10, 200).doesNotContain("\n");
      assertThat(e.detail()).contains("^");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "!",
        "- ",
        "a[",
        "f(",
        "a?",
        "a?b:",
        "(u64)",
        "a+",
        "a||",
        "a.",
        "a==b&&(",
        "sizeof ",
        "a?(-f(b[",
        "container_of(",
        "a||b&&c|d^e&f==g<h<<i+j*(",
        "a,",
        "\"\\n",
        "'",
        "a=",
        "a/"
      })
  void whateverIsRepeatedEndsSoonOnASmallStack(String part) throws InterruptedException {
    for (int times : new int[] {90, 190, 490, 1000, Lexer.LONGEST / part.length()}) {
      onASmallStack(() -> readAll(part.repeat(times)));
      onASmallStack(() -> readAll(part.repeat(times).substring(part.length()) + "a"));
    }
  }

  private static void onASmallStack(Runnable what) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread thread = new Thread(null, what, "small", STACK);
    thread.setUncaughtExceptionHandler((_, e) -> failure.set(e));
    thread.start();
    thread.join();
    assertThat(failure.get()).isNull();
  }

  @Test
  void whatPeopleWriteIsWithinTheBounds() {
    assertThat(Shape.ofText("(".repeat(Grammar.NESTED - 1) + "a" + ")".repeat(Grammar.NESTED - 1)))
        .isEqualTo("a");
    String many = "pid == 1" + " || pid == 2".repeat(Grammar.HIGHEST - 2);
    assertThat(Parser.expression(many)).isInstanceOf(Expression.Binary.class);
    assertThatThrownBy(() -> Parser.expression(many + " || pid == 3"))
        .isInstanceOf(QueryException.class)
        .hasMessageContaining("parentheses");
    String some = "pid == 1" + " || pid == 2".repeat(300);
    String groups = ("(" + some + ")").repeat(3).replace(")(", ") || (");
    assertThat(Parser.expression(groups)).isInstanceOf(Expression.Binary.class);
  }

  @Test
  void aTextThatIsTooLongIsNotLookedAt() {
    assertThatThrownBy(() -> Parser.expression("a".repeat(Lexer.LONGEST + 1)))
        .isInstanceOf(QueryException.class)
        .hasMessage("a text of 65537 characters is too long: 65536 is the most");
    assertThat(Parser.expression("a".repeat(Lexer.LONGEST))).isInstanceOf(Expression.Name.class);
  }
}
