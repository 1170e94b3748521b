// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.bpfdump.testkit.Exec;
import org.bpfdump.testkit.Project;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Installing into a directory, as packagers do; no privilege is needed. */
class InstallTest {
  @TempDir private Path dir;

  @BeforeAll
  static void build() {
    Checkout.build();
  }

  private Exec.Result install(String prefix) {
    return b("install", prefix);
  }

  private Exec.Result b(String command, String prefix) {
    return Exec.of(
            Checkout.COMMAND.toString(), command, "--prefix=" + prefix, "--destdir", dir + "/pkg/")
        .run();
  }

  /** What is there, each with its mode, but for what is in the image. */
  private List<String> list() {
    return Exec.of("find", "pkg", "-path", "*/image-*/*", "-prune", "-o", "-printf", "%M %P\n")
        .in(dir)
        .run()
        .ok()
        .out()
        .lines()
        .filter(line -> !line.startsWith("d") || line.contains("image"))
        .sorted()
        .toList();
  }

  @Test
  void aPackageHasEverythingInItsPlaceAndNothingOfItsBuilder() {
    Exec.Result result =
        Exec.of(
                "sh",
                "-c",
                "umask 077; exec \"$0\" install --prefix /usr --destdir " + dir + "/pkg",
                Checkout.COMMAND.toString())
            .run()
            .ok();

    String sbin = Files.isSymbolicLink(Path.of("/sbin")) ? "usr/sbin" : "sbin";
    assertThat(result.err()).isEmpty();
    assertThat(list())
        .containsExactlyInAnyOrder(
            "-rw-r--r-- usr/lib/bpfdump/manifest",
            "-rw-r--r-- usr/share/bash-completion/completions/bpfdump",
            "-rw-r--r-- usr/share/fish/vendor_completions.d/bpfdump.fish",
            "-rw-r--r-- usr/share/man/man8/bpfdump.8",
            "-rw-r--r-- usr/share/man/man8/mount.bpfdump.8",
            "-rw-r--r-- usr/share/zsh/site-functions/_bpfdump",
            "-rwxr-xr-x " + sbin + "/mount.bpfdump",
            "-rwxr-xr-x usr/bin/bpfdump",
            "drwxr-xr-x usr/lib/bpfdump/image-1");
    Exec modes =
        Exec.sh(
            "find pkg/* ! -perm 755 ! -perm 644; find pkg -type f -perm -100 -name '*.properties'");
    assertThat(modes.in(dir).run().ok().out()).isEmpty();
    assertThat(Exec.of("find", "pkg", "-name", "java", "-perm", "755").in(dir).run().out())
        .isEqualTo("pkg/usr/lib/bpfdump/image-1/bin/java\n");
    for (String path : List.of(dir.toString(), Project.root().toString())) {
      assertThat(Exec.of("grep", "-rlF", path, "pkg").in(dir).run().exited(1).out()).isEmpty();
    }
    Exec.of("sha256sum", "-c", "--strict", "--ignore-missing", "lib/bpfdump/manifest")
        .in(dir.resolve("pkg/usr"))
        .run()
        .ok();

    b("uninstall", "/usr").ok();
    assertThat(dir.resolve("pkg")).isEmptyDirectory();
  }

  @Test
  void whatIsInstalledRunsFromAnywhereAndNeedsNoEnvironment() throws IOException {
    install("/opt/x").ok();
    Path moved = Files.move(dir.resolve("pkg"), dir.resolve("the machine"));
    Path link =
        Files.createSymbolicLink(dir.resolve("b"), Path.of("the machine/opt/x/bin/bpfdump"));
    Exec.Result expected = Exec.of(Checkout.COMMAND.toString(), "dumper", "show", "target").run();

    for (String name : List.of(link.toString(), moved + "/opt/x/bin/bpfdump", "./x/bin/bpfdump")) {
      Exec.Result result =
          Exec.of("env", "-i", name, "dumper", "show", "target").in(moved.resolve("opt")).run();
      assertThat(result.exitCode()).as(result.err()).isEqualTo(expected.exitCode());
      assertThat(result.out()).isEqualTo(expected.out());
      assertThat(result.err()).isEqualTo(expected.err());
    }
  }

  @Test
  void whatIsInstalledStartsFromTheCacheAsTheCheckoutDoes() throws IOException {
    install("/usr").ok();
    Path launcher = dir.resolve("pkg/usr/bin/bpfdump");
    // With a cache that the JVM cannot use, this mode makes it fail.
    String strict =
        Files.readString(launcher).replace("-XX:AOTCache=", "-XX:AOTMode=on -XX:AOTCache=");
    Files.writeString(launcher, strict);

    assertThat(Exec.of(launcher.toString(), "--version").run().ok().out()).startsWith("bpfdump ");
    assertThat(strict).contains("AOTMode=on");
    Files.delete(dir.resolve("pkg/usr/lib/bpfdump/image-1/bpfdump.aot"));
    assertThat(Exec.of(launcher.toString(), "--version").run().exitCode()).isNotZero();
  }

  @Test
  void theSameCommandIsInstalledAgainBesideTheOneInUse() {
    install("/usr").ok();
    install("/usr").ok();
    assertThat(list()).contains("drwxr-xr-x usr/lib/bpfdump/image-2").hasSize(10);
    Exec.Result installed =
        Exec.of(
                dir + "/pkg/usr/bin/bpfdump",
                "install",
                "--prefix",
                "/usr",
                "--destdir",
                dir + "/pkg")
            .run();
    assertThat(installed.ok().err()).isEmpty();
    Exec.of(dir + "/pkg/usr/bin/bpfdump", "--version").run().ok();

    b("uninstall", "/usr").ok();
    assertThat(dir.resolve("pkg")).isEmptyDirectory();
  }

  @Test
  void filesOfOthersStopAnInstallationBeforeItBegins() throws IOException {
    Path bin = Files.createDirectories(dir.resolve("pkg/usr/bin"));
    Files.createSymbolicLink(bin.resolve("bpfdump"), Path.of("/nowhere"));

    Exec.Result result = install("/usr").exited(1);

    assertThat(result.err())
        .isEqualTo(
            "bpfdump: cannot install: %s/bpfdump is there, and not by bpfdump install; move it away\n"
                .formatted(bin));
    assertThat(list()).containsExactly("lrwxrwxrwx usr/bin/bpfdump");
  }

  @Test
  void whatHasChangedAndWhatIsOfOthersStays() throws IOException {
    install("/usr").ok();
    Path man = dir.resolve("pkg/usr/share/man/man8");
    Files.writeString(man.resolve("bpfdump.8"), "mine");
    Files.writeString(man.resolve("other.8"), "other");
    Files.writeString(dir.resolve("pkg/usr/lib/bpfdump/notes"), "other");

    Exec.Result result = b("uninstall", "/usr").ok();

    assertThat(result.err().lines())
        .containsExactly(
            "bpfdump: left alone: " + man + "/bpfdump.8 has changed since it was installed",
            "bpfdump: left alone: " + dir + "/pkg/usr/lib/bpfdump has files of others");
    assertThat(list())
        .containsExactlyInAnyOrder(
            "-rw-r--r-- usr/lib/bpfdump/notes",
            "-rw-r--r-- usr/share/man/man8/bpfdump.8",
            "-rw-r--r-- usr/share/man/man8/other.8");
  }

  @Test
  void aManifestThatWasTamperedWithRemovesNothingOfOthers() throws IOException {
    install("/usr").ok();
    List<Path> others = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    Path aside = Files.createDirectory(dir.resolve("aside"));
    Files.createSymbolicLink(dir.resolve("pkg/usr/share/bpfdump"), aside);
    for (String name :
        List.of(
            "../etc/bpfdump",
            "/etc/bpfdump.conf",
            "bin/ls",
            "lib/bpfdump/../x-bpfdump",
            "./bpfdump")) {
      Path file = dir.resolve(("pkg/usr/" + name).replace("pkg/usr//", "pkg/")).normalize();
      Files.createDirectories(file.getParent());
      others.add(Files.writeString(file, name));
      lines.append(Manifest.hash(name.getBytes(StandardCharsets.UTF_8)));
      lines.append("  ").append(name).append('\n');
    }
    others.add(Files.createDirectory(dir.resolve("pkg/empty")));
    lines.append("# made /empty\n# made ../empty\n# made \0\nnonsense\n");
    Path manifest = dir.resolve("pkg/usr/lib/bpfdump/manifest");
    Files.writeString(manifest, Files.readString(manifest) + lines);

    Exec.Result result = b("uninstall", "/usr").ok();

    assertThat(others).allMatch(Files::exists);
    assertThat(result.err().lines())
        .hasSize(9)
        .allMatch(
            l -> l.startsWith("bpfdump: passed over in the manifest, as nothing that install"));
    assertThat(dir.resolve("pkg/usr/bin/bpfdump")).doesNotExist();
  }

  @Test
  void whatAnOlderVersionPutAndThisOneDoesNotGoes() throws IOException {
    install("/usr").ok();
    Path old = Files.writeString(dir.resolve("pkg/usr/bin/bpfdump-old"), "");
    Path manifest = dir.resolve("pkg/usr/lib/bpfdump/manifest");
    String line = Manifest.hash(new byte[0]) + "  bin/bpfdump-old\n";
    Files.writeString(manifest, Files.readString(manifest) + line);

    assertThat(install("/usr").ok().err()).isEmpty();

    assertThat(old).doesNotExist();
    assertThat(Files.readString(manifest)).doesNotContain("old");
  }

  @Test
  void aWrongWayToAskIsExplained() {
    assertThat(Cli.run("install").err())
        .startsWith("bpfdump: cannot install: a JDK runs this bpfdump");
    assertThat(Cli.run("install", "--prefix", "x").status()).isEqualTo(2);
    assertThat(b("uninstall", "/usr").exited(1).err())
        .isEqualTo(
            "bpfdump: cannot uninstall: nothing is installed in %s/pkg/usr; name the prefix that"
                    .formatted(dir)
                + " install was given (--prefix)\n");
    assertThat(dir.resolve("pkg")).doesNotExist();
  }

  @Test
  void aPrefixMayHaveAnyName() throws IOException {
    install("/o'pt \"$x\"/über").ok();
    Path helper;
    try (Stream<Path> files = Files.walk(dir.resolve("pkg"))) {
      helper = files.filter(f -> f.endsWith("sbin/mount.bpfdump")).findFirst().orElseThrow();
    }

    assertThat(Exec.of("sh", "-n", helper.toString()).run().ok().err()).isEmpty();
    assertThat(
            Exec.sh(Files.readString(helper).replaceFirst("(?s)\nif .*", "\necho \"\\$bpfdump\""))
                .run()
                .out())
        .isEqualTo("/o'pt \"$x\"/über/bin/bpfdump\n");
    b("uninstall", "/o'pt \"$x\"/über").ok();
    assertThat(dir.resolve("pkg")).isEmptyDirectory();
  }
}
