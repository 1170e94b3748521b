// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk.ksym;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bpfdump.image.TestImages;
import org.bpfdump.image.snapshot.Field;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.image.walk.Walks;
import org.bpfdump.kernel.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Symbols of an image: what the kernel of it told, in one object. */
class KsymTargetTest {
  private static final Pattern TAG = Pattern.compile("\"tag\":\"([0-9a-f]{16})\"");

  private record Symbol(
      long position, long value, char type, String name, String module, long nameOffset) {
    /** As /proc/kallsyms has it. */
    String line() {
      return "%016x %c %s".formatted(value, type, name);
    }
  }

  /** What a program sees of the object. */
  private static final class View {
    final Snapshot snapshot;
    final ByteBuffer bytes;

    View(Snapshot snapshot, byte[] bytes) {
      this.snapshot = snapshot;
      this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    Field field(String member) {
      return snapshot.types().field("kallsym_iter", member);
    }

    long number(String member) {
      Field field = field(member);
      return field.size() == 8
          ? bytes.getLong(field.offset())
          : Integer.toUnsignedLong(bytes.getInt(field.offset()));
    }

    String text(String member) {
      Field field = field(member);
      int end = field.offset();
      while (bytes.get(end) != 0) {
        end++;
      }
      return new String(
          bytes.array(), field.offset(), end - field.offset(), StandardCharsets.US_ASCII);
    }

    Symbol symbol() {
      return new Symbol(
          number("pos"),
          number("value"),
          (char) bytes.get(field("type").offset()),
          text("name"),
          text("module_name"),
          number("nameoff"));
    }
  }

  private static final class Pass {
    final Snapshot snapshot;
    final Walks walks;
    final Walk walk;
    final List<Symbol> symbols = new ArrayList<>();
    final Set<Long> addresses = new HashSet<>();
    final View view;

    Pass(String image) {
      snapshot = TestImages.shared(image);
      walks = new Walks(snapshot);
      walk = walks.open("ksym", new Parameter.None());
      long[] row = new long[Walks.MOST_ARGUMENTS];
      assertThat(walk.next(row)).isTrue();
      view = new View(snapshot, walks.bytes(row[0]));
      do {
        addresses.add(row[0]);
        symbols.add(view.symbol());
      } while (walk.next(row));
      assertThat(walks.notes()).isEmpty();
    }

    List<Symbol> of(String module) {
      return symbols.stream().filter(symbol -> symbol.module.equals(module)).toList();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void theKernelsOwnComeFirstInTheOrderOfItsTable(String image) {
    Pass pass = new Pass(image);
    int own = pass.snapshot.symbols().count();
    List<Symbol> first = pass.symbols.subList(0, own);
    assertThat(first).allMatch(symbol -> symbol.module.isEmpty());
    for (int i = 0; i < own; i++) {
      Symbol symbol = first.get(i);
      assertThat(symbol.name).isEqualTo(pass.snapshot.symbols().name(i));
      assertThat(symbol.value).isEqualTo(pass.snapshot.symbols().address(i));
      // As the live walk has moved on by the time that it shows one.
      assertThat(symbol.position).isEqualTo(i + 1);
    }
    assertThat(first)
        .extracting(symbol -> symbol.line().replaceFirst("^0+", ""))
        .containsAll(
            TestImages.truth(image).section("KALLSYMS").stream()
                .map(line -> line.replaceFirst("^0+", ""))
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void offsetsOfNamesLeadToTheNextName(String image) {
    Pass pass = new Pass(image);
    int own = pass.snapshot.symbols().count();
    for (int i = 1; i < own; i++) {
      assertThat(pass.symbols.get(i).nameOffset).isGreaterThan(pass.symbols.get(i - 1).nameOffset);
    }
    assertThat(pass.symbols.getLast().nameOffset).isEqualTo(pass.symbols.get(own - 1).nameOffset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void modulesComeNextInTheOrderOfProcEachWithANamelessSymbolFirst(String image) {
    Pass pass = new Pass(image);
    List<String> modules =
        pass.symbols.stream()
            .map(symbol -> symbol.module)
            .filter(module -> !module.isEmpty())
            .distinct()
            .toList();
    List<String> expected = new ArrayList<>();
    for (String line : TestImages.truth(image).file("/proc/modules")) {
      String[] words = line.split(" ");
      expected.add(words[0]);
      List<Symbol> symbols = pass.of(words[0]);
      assertThat(symbols.getFirst().line()).isEqualTo("0000000000000000 U ");
      long start = Long.parseUnsignedLong(words[5].substring(2), 16);
      assertThat(symbols)
          .filteredOn(symbol -> symbol.type == 't')
          .isNotEmpty()
          .allMatch(symbol -> symbol.value >= start && symbol.value < start + (1 << 16));
    }
    expected.add("bpf");
    assertThat(modules).isEqualTo(expected);
    assertThat(pass.of("dummy")).extracting(Symbol::name).contains("dummy_validate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void programsAreNamedByTheTagsThatBpftoolShowed(String image) {
    Pass pass = new Pass(image);
    List<String> tags = new ArrayList<>();
    Matcher matcher =
        TAG.matcher(String.join("\n", TestImages.truth(image).file("/tmp/gt/bpftool_prog.json")));
    while (matcher.find()) {
      tags.add(matcher.group(1));
    }
    assertThat(pass.of("bpf"))
        .isNotEmpty()
        .allMatch(symbol -> tags.contains(symbol.name.split("_")[2]));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6.1", "7.2"})
  void theLastCallHasTheLastSymbolOnceMoreAsTheLiveKernelDoes(String image) {
    Pass pass = new Pass(image);
    Symbol last = pass.symbols.getLast();
    long[] arguments = new long[Walks.MOST_ARGUMENTS];
    assertThat(pass.walk.last(arguments)).isTrue();
    assertThat(pass.addresses).containsExactly(arguments[0]);
    Symbol again = pass.view.symbol();
    assertThat(again.line()).isEqualTo(last.line());
    assertThat(again.module).isEqualTo("__builtin__kprobes");
    assertThat(again.position).isEqualTo(last.position + 1);
    long own = pass.snapshot.symbols().count();
    long modules = pass.view.number("pos_mod_end");
    assertThat(modules - own).isEqualTo(pass.of("dummy").size() + pass.of("qemu_fw_cfg").size());
    assertThat(pass.view.number("pos_ftrace_mod_end")).isEqualTo(modules);
    assertThat(pass.view.number("pos_bpf_end")).isEqualTo(modules + pass.of("bpf").size());
    assertThat(pass.view.number("show_value")).isOne();
  }

  @Test
  void anOldKernelAlsoKeepsWhereSymbolsOfTheArchitectureEnded() {
    Pass pass = new Pass("6.1");
    assertThat(pass.view.number("pos_arch_end")).isEqualTo(pass.snapshot.symbols().count());
  }
}
