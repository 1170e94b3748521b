// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.columns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.QueryException;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Target;
import org.bpfdump.kernel.Targets;
import org.bpfdump.query.check.Checker;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.syntax.QueryText;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every target has columns, on every kernel; a user's own come first. */
class UsualColumnsTest {
  private static final Target TASK_FILE = target("task_file", "task/file");

  @TempDir Path home;

  private static Target target(String name, String path) {
    return new Target(name, path, "bpf_iter__" + name, List.of(), Set.of(), "", 0, "");
  }

  static List<String> kernels() {
    return KernelBtf.names();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void everyColumnMakesSenseOnEveryKernel(String kernel) {
    Btf btf = Btf.parse(KernelBtf.bytes(kernel));
    List<Target> targets = Targets.in(btf, "", Set.of());
    assertThat(targets).hasSizeGreaterThan(10);
    for (Target target : targets) {
      ColumnFile file = new UsualColumns(Optional.empty()).of(target);
      try {
        Plan plan = new Checker(btf, target, false).check(file.query());
        assertThat(plan.columns()).hasSameSizeAs(file.query().columns());
      } catch (QueryException e) {
        throw new AssertionError(file.located(e).getMessage() + "\n" + e.detail(), e);
      }
    }
  }

  @Test
  void noLabelIsThereTwiceAndNoneIsAnExpression() {
    for (Target target : Targets.in(Btf.parse(KernelBtf.bytes("7.3")), "", Set.of())) {
      Set<String> labels = new HashSet<>();
      for (QueryText.Column column :
          new UsualColumns(Optional.empty()).of(target).query().columns()) {
        assertThat(column.label()).as(target.name()).matches("[a-z_0-9]+");
        assertThat(labels.add(column.label())).as(target.name() + " " + column.label()).isTrue();
      }
    }
  }

  private UsualColumns own() {
    return UsualColumns.of(Map.of("HOME", home.toString()));
  }

  private Path write(String text) throws IOException {
    Path file = home.resolve(".config/bpfdump/columns/task_file.query");
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  @Test
  void theUsersOwnComeFirst() throws IOException {
    ColumnFile ours = own().of(TASK_FILE);
    assertThat(ours.name()).isEqualTo("bpfdump's task_file.query");
    Path file = write("task_file: fd # only\n");

    ColumnFile theirs = own().of(TASK_FILE);
    assertThat(theirs.name()).isEqualTo(file.toString());
    assertThat(theirs.text()).isEqualTo("task_file: fd # only\n");
    assertThat(theirs.query().columns()).extracting(QueryText.Column::label).containsExactly("fd");
    assertThat(new UsualColumns(Optional.empty()).of(TASK_FILE)).isEqualTo(ours);
    // What we have is a file that a user can begin with.
    write(ours.text());
    assertThat(own().of(TASK_FILE).query()).isEqualTo(ours.query());
  }

  @Test
  void theConfigurationDirectoryIsThatOfXdg() throws IOException {
    Path columns = Files.createDirectories(home.resolve("xdg/bpfdump/columns"));
    Files.writeString(columns.resolve("task_file.query"), "task/file: xdg");
    write("task/file: dotted");

    String xdg = home.resolve("xdg").toString();
    assertThat(label(Map.of("XDG_CONFIG_HOME", xdg, "HOME", home.toString()))).isEqualTo("xdg");
    assertThat(label(Map.of("XDG_CONFIG_HOME", "xdg", "HOME", home.toString())))
        .isEqualTo("dotted");
    assertThat(label(Map.of("XDG_CONFIG_HOME", "", "HOME", home.toString()))).isEqualTo("dotted");
    assertThat(label(Map.of())).isNotEqualTo("dotted");
  }

  private static String label(Map<String, String> environment) {
    return UsualColumns.of(environment).of(TASK_FILE).query().columns().getFirst().label();
  }

  @Test
  void whatIsWrongWithAFileNamesItAndTheLine() throws IOException {
    Path file = write("task/file:\n  fd,\n  task.tgid +\n");
    QueryException e = failure(QueryException.class);
    assertThat(e).hasMessage(file + ":3: a value is missing after '+'");
    assertThat(e.detail()).isEqualTo("  task.tgid +\n             ^");
    assertThat(e.file()).contains(file.toString());

    write("task: fd");
    assertThat(failure(QueryException.class))
        .hasMessage(file + ":1: this is a query of task, and the file is for task/file");
    write("# all\ntask/file: fd\nwhere fd > 2");
    assertThat(failure(QueryException.class))
        .hasMessageStartingWith(file + ":3: usual columns have no condition");
    write("task/file");
    assertThat(failure(QueryException.class))
        .hasMessage(file + ":1: columns are missing: task/file: one, another");
  }

  @Test
  void whatIsFoundWrongLaterNamesTheFileToo() throws IOException {
    Path file = write("task/file:\n  fd,\n  fdd");
    ColumnFile columns = own().of(TASK_FILE);
    QueryException unknown = new QueryException("no fdd", columns.text(), 20, 23);
    assertThat(columns.located(unknown)).hasMessage(file + ":3: no fdd");
    QueryException elsewhere = new QueryException("no fdd", "fdd", 0, 3);
    assertThat(columns.located(elsewhere)).isSameAs(elsewhere);
  }

  @Test
  void whatIsNoTextIsRefused() throws IOException {
    Path file = write("");
    Files.write(file, "task: größe".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(failure(MalformedException.class)).hasMessageStartingWith(file + " is no text");
    Files.write(file, new byte[1 << 20]);
    assertThat(failure(MalformedException.class)).hasMessageContaining("too long");
    Files.delete(file);
    Files.createDirectory(file);
    assertThat(failure(RequestException.class)).hasMessageStartingWith("cannot read " + file);
  }

  @Test
  void aTargetThatNobodyKnewHasNone() {
    Target target = target("xyz", "xyz");
    RequestException e = catchThrowableOfType(RequestException.class, () -> own().of(target));
    assertThat(e)
        .hasMessage(
            "there are no usual columns of xyz: name some, or write them to "
                + home.resolve(".config/bpfdump/columns/xyz.query"));
  }

  private <E extends BpfdumpException> E failure(Class<E> type) {
    E e = catchThrowableOfType(type, () -> own().of(TASK_FILE));
    assertThat(e).isNotNull();
    return e;
  }
}
