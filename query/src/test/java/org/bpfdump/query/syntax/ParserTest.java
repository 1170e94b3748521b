// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.syntax;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.bpfdump.query.Span;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a text means; {@link Shape} shows it with every parenthesis. */
class ParserTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      quoteCharacter = '`',
      value = {
        "a + b * c => (+ a (* b c))",
        "a - b - c => (- (- a b) c)",
        "(a + b) * c => (* (+ a b) c)",
        "a << 1 + b => (<< a (+ 1 b))",
        "a & b == c => (& a (== b c))",
        "a | b ^ c & d => (| a (^ b (& c d)))",
        "a || b && c => (|| a (&& b c))",
        "a < b == c >= d => (== (< a b) (>= c d))",
        "a ? b : c ? d : e => (? a b (? c d e))",
        "a ? b ? c : d : e => (? a (? b c d) e)",
        "a || b ? c : d + 1 => (? (|| a b) c (+ d 1))",
        "-a.b[1]->c => (- (. ([] (. a b) 1) c))",
        "!a == b => (== (! a) b)",
        "-~!a => (- (~ (! a)))",
        "&a->b => (& (. a b))",
        "*a.b => (* (. a b))",
        "a - -b => (- a (- b))",
        "a && &b => (&& a (& b))",
        "comm == \"ba\" \"sh\"[0] => !",
        "comm ^= \"ba\" && comm *= \"s\" => (&& (^= comm \"ba\") (*= comm \"s\"))",
        "path(file.f_path) => (call path (. file f_path))",
        "f() + g(a, b ? c : d) => (+ (call f) (call g a (? b c d)))",
        "a.b.c(d) => !",
        "sizeof a.b + 1 => (+ (sizeof (. a b)) 1)",
        "sizeof(struct a) + 1 => (+ (sizeof-type struct a) 1)",
        "sizeof(u64) => (sizeof-type u64)",
        "sizeof(a) => (sizeof a)",
        "sizeof(a *) => (sizeof-type a *)",
        "sizeof(a).b => (sizeof (. a b))",
        "container_of(a.b, struct c, d.e) => (container-of (. a b) struct c [d, e])",
        "a[b[1] + 2] => ([] a (+ ([] b 1) 2))",
      })
  void precedenceIsThatOfC(String text, String shape) {
    assertThat(Shape.ofText(text)).isEqualTo(shape);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "(struct tcp_sock *)sk_common | (cast struct tcp_sock * sk_common)",
        "(struct tcp_sock *)sk->x | (cast struct tcp_sock * (. sk x))",
        "((struct tcp_sock *)sk)->x | (. (cast struct tcp_sock * sk) x)",
        "(const struct a *const *)b | (cast struct a ** b)",
        "(union a)b | (cast union a b)",
        "(enum a)-1 | (cast enum a (- 1))",
        "(unsigned long)x | (cast unsigned long x)",
        "(long unsigned int)-x | (cast unsigned long (- x))",
        "(unsigned)x | (cast unsigned int x)",
        "(long long)x | (cast long long x)",
        "(short int)x | (cast short x)",
        "(signed char)x | (cast signed char x)",
        "(char)&x | (cast char (& x))",
        "(u64)-1 | (cast u64 (- 1))",
        "(__be16)+x | (cast __be16 (+ x))",
        "(pid_t)*x | (cast pid_t (* x))",
        "(void *)x | (cast void * x)",
        "(a *)-x | (cast a * (- x))",
        "(a)x | (cast a x)",
        "(a)1 | (cast a 1)",
        "(a)(-1) | (cast a (- 1))",
        "(a)!x | (cast a (! x))",
        "(a)(b)c | (cast a (cast b c))",
        "(a)-1 | (- a 1)",
        "(a)+x | (+ a x)",
        "(a)*x | (* a x)",
        "(a)&x | (& a x)",
        "(a) | a",
        "((a))-1 | (- a 1)",
        "(a).b | (. a b)",
        "(a)->b | (. a b)",
        "(a)[1] | ([] a 1)",
        "(a) == 1 | (== a 1)",
        "(a * b) | (* a b)",
      })
  void aNameInParenthesesIsATypeWhereItCanBeNothingElse(String text, String shape) {
    assertThat(Shape.ofText(text)).isEqualTo(shape);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "0 | 0",
        "18446744073709551615 | -1",
        "0xffffffffffffffffUL | -1 unsigned wide hex",
        "0x1F | 31 hex",
        "0b101 | 5 hex",
        "017 | 15 hex",
        "01777777777777777777777 | -1 hex",
        "12u | 12 unsigned",
        "12lu | 12 unsigned wide",
        "12LLU | 12 unsigned wide",
        "0ul | 0 unsigned wide",
        "0x | !",
        "0b2 | !",
        "12lul | !",
        "12lL | !",
        "'a' | 97 character",
        "'\\n' | 10 character",
        "'\\0' | 0 character",
        "'\\x41' | 65 character",
        "'\\101' | 65 character",
        "'\\377' | -1 character",
        "'\\'' | 39 character",
        "'\"' | 34 character",
      })
  void numbersAndCharactersAreThoseOfC(String text, String value) {
    assertThat(Shape.ofConstant(text)).isEqualTo(value);
  }

  @Test
  void stringsResolveEscapes() {
    assertThat(string("\"a'b\"")).isEqualTo("a'b");
    assertThat(string("\"\\\"\\\\\\t\\x41B\\101\\u00e9 # é 𝄞\"")).isEqualTo("\"\\\tABAé # é 𝄞");
  }

  private static String string(String text) {
    return ((Expression.Text) Parser.expression(text)).value();
  }

  @Test
  void spansCoverWhatIsMeantWithItsParentheses() {
    var product = (Expression.Binary) Parser.expression(" (a + b) *  c->d ");
    assertThat(product.span()).isEqualTo(new Span(1, 16));
    assertThat(product.left().span()).isEqualTo(new Span(2, 7));
    var member = (Expression.Member) product.right();
    assertThat(member.span()).isEqualTo(new Span(12, 16));
    assertThat(member.nameSpan()).isEqualTo(new Span(15, 16));
    var call = (Expression.Call) Parser.expression("f(a , b)");
    assertThat(call.span()).isEqualTo(new Span(0, 8));
    assertThat(call.nameSpan()).isEqualTo(new Span(0, 1));
    var cast = (Expression.Cast) Parser.expression("( struct a * ) b");
    assertThat(cast.type().span()).isEqualTo(new Span(2, 12));
    var around = (Expression.ContainerOf) Parser.expression("container_of(a, b, c . d)");
    assertThat(around.pathSpan()).isEqualTo(new Span(19, 24));
  }

  @Test
  void aColumnHasALabelOrItsOwnText() {
    assertThat(Parser.column("rss = mm.total_vm * 4").label()).isEqualTo("rss");
    assertThat(Parser.column("\"size in kB\" = s").label()).isEqualTo("size in kB");
    assertThat(Parser.column(" ( a+b )\n  * c # product\n").label()).isEqualTo("( a+b ) * c");
    assertThat(Parser.column("a == b").label()).isEqualTo("a == b");
    assertThat(Parser.column("flags=~mask").label()).isEqualTo("flags");
  }

  @Test
  void columnsAreSeparatedByCommasOutsideOfParentheses() {
    List<QueryText.Column> columns = Parser.columns("a, b = f(c, d), e[g(1, 2)]");
    assertThat(columns).extracting(QueryText.Column::label).containsExactly("a", "b", "e[g(1, 2)]");
    assertThat(columns).allSatisfy(c -> assertThat(c.source().text()).startsWith("a, b ="));
  }

  @Test
  void aWholeQuery() {
    String text = "task: tgid, comm where tgid == pid";
    QueryText query = Parser.query(text);
    assertThat(query.target()).isEqualTo("task");
    assertThat(query.columns()).extracting(QueryText.Column::label).containsExactly("tgid", "comm");
    assertThat(query.where().orElseThrow().text()).isEqualTo(text);
    assertThat(Shape.of(query.where().orElseThrow().expression())).isEqualTo("(== tgid pid)");
  }

  @Test
  void aFileOfAQueryHasLinesAndComments() {
    QueryText query =
        Parser.query(
            """
            # open files
            task/file:
              task.tgid,        # process
              flag = a ? 1 : 0,
              where_ = a.where
            where
              fd > 2
              && a->where   # a member
            """);
    assertThat(query.target()).isEqualTo("task/file");
    assertThat(query.columns())
        .extracting(QueryText.Column::label)
        .containsExactly("task.tgid", "flag", "where_");
    assertThat(Shape.of(query.where().orElseThrow().expression()))
        .isEqualTo("(&& (> fd 2) (. a where))");
  }

  @Test
  void columnsAndConditionMayBeLeftOut() {
    for (String text : List.of("bpf_map/elem", "bpf_map/elem:", "bpf_map / elem :")) {
      assertThat(Parser.query(text))
          .isEqualTo(new QueryText("bpf_map/elem", List.of(), java.util.Optional.empty()));
    }
    for (String text : List.of("task where pid == 1", "task: where (pid) == 1")) {
      QueryText query = Parser.query(text);
      assertThat(query.columns()).isEmpty();
      assertThat(Shape.of(query.where().orElseThrow().expression())).isEqualTo("(== pid 1)");
    }
    assertThat(Parser.query("task: (pid) where 1").columns()).hasSize(1);
  }
}
