// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfdump.asm.Disassembler;
import org.bpfdump.btf.Btf;
import org.bpfdump.kernel.Targets;
import org.bpfdump.query.check.Checker;
import org.bpfdump.query.syntax.Parser;
import org.bpfdump.query.syntax.QueryText;
import org.bpfdump.testkit.KernelBtf;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Programs as they were approved, for a kernel whose types are kept with the tests. */
class GoldenTest {
  private static final Path GOLDEN = Project.root().resolve("query/src/test/resources/golden");

  /** Written anew by {@code mvn -pl query -am test -Dtest=GoldenTest -Dbpfdump.golden=write}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "leaders | 7.3 | RECORDS | task: tgid, comm where tgid == pid",
        "memory | 7.3 | RECORDS | task: tgid, rss = mm.total_vm * 4 where mm != 0 && cred.uid == 1000",
        "files | 7.3 | RECORDS | task/file: fd, path(file.f_path) where file.f_flags & 0x400",
        "names | 5.10 | RECORDS | task/file: fd, str(file.f_path.dentry.d_name.name)"
            + " where file.f_flags & 0x400",
        "lines | 5.10 | TABLE | task: tgid, comm where tgid == pid",
        "symbols | 7.3 | RECORDS | ksym: name, value where type == 'T'",
      })
  void programsAreAsApproved(String name, String version, Form form, String text)
      throws IOException {
    Btf btf = Btf.parse(KernelBtf.bytes(version));
    QueryText query = Parser.query(text);
    var target = Targets.named(Targets.in(btf, "", java.util.Set.of()), query.target());
    Compiled compiled = Generator.compile(new Checker(btf, target, false).check(query), btf, form);
    String shown = version + ", " + text + "\n" + new Disassembler().show(compiled.spec().code());
    Path approved = GOLDEN.resolve(name + ".txt");
    if ("write".equals(System.getProperty("bpfdump.golden"))) {
      Files.createDirectories(GOLDEN);
      Files.writeString(approved, shown);
    }
    assertThat(shown).isEqualTo(Files.readString(approved));
  }
}
