// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.obj;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfBuilder;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.obj.Functions.Function;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;

/**
 * An ELF object with BPF programs, as clang makes it with {@code -target bpf -g}. Little-endian and
 * big-endian objects are read alike.
 *
 * <p>A program is a global function in a section named {@code iter/TARGET}, {@code iter.s/TARGET},
 * {@code iter}, {@code iter.s}, or {@code dump/PATH} as in the RFC: PATH is the target's directory,
 * relative to the file system of dumpers ({@code dump/task/file}) or absolute ({@code
 * dump//sys/kernel/bpfdump/task/file}, where what follows the last component {@code bpfdump}
 * counts). A {@code ?} before a section's name keeps its programs from being chosen by {@link
 * #program()}.
 *
 * <p>Every method throws {@link MalformedException} when what it reads of the object breaks the
 * format, and {@link UnsupportedException} when it is sound but of no use here. Not safe for use by
 * several threads.
 */
public final class ObjectFile {
  /** Far above any object; keeps a wrong file from filling the memory. */
  private static final int MAX_SIZE = 64 << 20;

  /**
   * A program of the object, not put together yet.
   *
   * @param name name of its function
   * @param section name of its section, without {@code ?}
   * @param iterator whether it is an iterator program, which {@link #program(String)} can give
   * @param target BTF name of the target its section names; empty when it names none
   * @param sleepable whether its section makes it sleepable
   * @param autoload whether it may be chosen without being named
   */
  public record Entry(
      String name,
      String section,
      boolean iterator,
      Optional<String> target,
      boolean sleepable,
      boolean autoload) {}

  private final Elf elf;
  private final Functions functions;
  private final CodeRelocations relocations;
  private final String license;

  // What is asked for first is made first; nothing of it is needed to list the programs.
  private Btf rawTypes;
  private Btf types;
  private BtfExt ext;
  private Externs externs;
  private Maps maps;

  private ObjectFile(Elf elf) {
    this.elf = elf;
    if (elf.section("maps") != null) {
      throw new UnsupportedException(
          elf.name()
              + " defines its maps in the legacy section maps: define them in section .maps,"
              + " as struct { __uint(type, ...); ... } NAME SEC(\".maps\")");
    }
    this.functions = new Functions(elf);
    this.relocations = new CodeRelocations(elf);
    this.license = readLicense(elf);
  }

  /**
   * Opens an object.
   *
   * @throws IOException when the file cannot be read
   * @throws MalformedException when it is not an object
   * @throws UnsupportedException when it is one for another machine, or one of old
   */
  public static ObjectFile read(Path file) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(MAX_SIZE + 1);
    }
    return parse(file.toString(), bytes);
  }

  /**
   * Opens an object held in memory. The bytes must not be changed afterwards.
   *
   * @param name the file's name or path, {@code task.bpf.o}: messages name it, and maps of data are
   *     named after its last part
   */
  public static ObjectFile parse(String name, byte[] bytes) {
    String shown = Elf.shown(name);
    if (bytes.length > MAX_SIZE) {
      throw new UnsupportedException(shown + " is larger than any BPF object: 64 MiB");
    }
    return new ObjectFile(new Elf(shown, bytes));
  }

  private static String readLicense(Elf elf) {
    Elf.Section section = elf.section("license");
    if (section == null) {
      return "";
    }
    byte[] bytes = elf.copy(section);
    int end = 0;
    while (end < bytes.length && bytes[end] != 0) {
      end++;
    }
    // The kernel keeps 127 bytes.
    return new String(bytes, 0, Math.min(end, 127), StandardCharsets.UTF_8);
  }

  /** Name of the file. */
  public String name() {
    return elf.name();
  }

  /** Byte order of the machine it is for. */
  public ByteOrder order() {
    return elf.order();
  }

  /** Its licence; empty when it has none. */
  public String license() {
    return license;
  }

  /** Its programs by section, in the order of their code, those of other types included. */
  public List<Entry> programs() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < functions.size(); i++) {
      if (functions.get(i).isProgram()) {
        entries.add(entry(functions.get(i)));
      }
    }
    return entries;
  }

  private static Entry entry(Function function) {
    SectionName section = function.sectionName();
    return new Entry(
        function.name(),
        section.name(),
        section.iterator(),
        section.target().isEmpty() ? Optional.empty() : Optional.of(section.target()),
        section.kind() == SectionName.Kind.SLEEPABLE_ITERATOR,
        section.autoload());
  }

  /**
   * The program: the only iterator program that is meant to be loaded without being named.
   *
   * @throws RequestException when several are, or those there are want to be named
   * @throws UnsupportedException when all programs are of other types
   * @throws MalformedException when there is none
   */
  public ProgramSpec program() {
    int chosen = -1;
    int candidates = 0;
    for (int i = 0; i < functions.size(); i++) {
      Function function = functions.get(i);
      if (function.isProgram()
          && function.sectionName().autoload()
          && function.sectionName().iterator()) {
        chosen = i;
        candidates++;
      }
    }
    if (candidates != 1) {
      throw noChoice(candidates);
    }
    return link(chosen);
  }

  private RuntimeException noChoice(int candidates) {
    for (int i = 0; i < functions.size() && candidates == 0; i++) {
      Function function = functions.get(i);
      if (function.isProgram() && function.sectionName().kind() == SectionName.Kind.BROKEN) {
        return broken(function);
      }
    }
    String programs = list(true);
    if (candidates > 1) {
      return new RequestException(
          elf.name() + " has " + candidates + " iterator programs: choose one of " + programs);
    }
    if (!programs.isEmpty()) {
      return new RequestException(
          elf.name() + " has iterator programs only to be chosen by name: " + programs);
    }
    String others = list(false);
    if (!others.isEmpty()) {
      return new UnsupportedException(
          elf.name() + " has programs, but none for an iterator (iter/TARGET): " + others);
    }
    return elf.malformed(
        "has no program, which is a function in a section iter/TARGET: its sections are "
            + sections(),
        -1);
  }

  /** Names of programs, of iterators or of all, with their sections. */
  private String list(boolean iterators) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < functions.size(); i++) {
      Function function = functions.get(i);
      if (!function.isProgram() || (iterators && !function.sectionName().iterator())) {
        continue;
      }
      if (text.length() > 500) {
        return text.append(", ...").toString();
      }
      text.append(text.isEmpty() ? "" : ", ")
          .append(Elf.shown(function.name()))
          .append(" (")
          .append(Elf.shown(function.sectionName().name()))
          .append(")");
    }
    return text.toString();
  }

  private String sections() {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < elf.sectionCount(); i++) {
      if (text.length() > 300) {
        return text.append(" ...").toString();
      }
      text.append(text.isEmpty() ? "" : " ").append(Elf.shown(elf.section(i).name()));
    }
    return text.isEmpty() ? "none" : text.toString();
  }

  /**
   * The iterator program of this name.
   *
   * @throws RequestException when there is none
   * @throws UnsupportedException when it is a program of another type
   */
  public ProgramSpec program(String program) {
    for (int i = 0; i < functions.size(); i++) {
      Function function = functions.get(i);
      if (!function.isProgram() || !function.name().equals(program)) {
        continue;
      }
      if (function.sectionName().kind() == SectionName.Kind.BROKEN) {
        throw broken(function);
      }
      if (!function.sectionName().iterator()) {
        throw new UnsupportedException(
            elf.name()
                + ": program "
                + Elf.shown(program)
                + " is of section "
                + Elf.shown(function.sectionName().name())
                + ", which is not an iterator's: those are iter/TARGET and iter.s/TARGET");
      }
      return link(i);
    }
    String programs = list(false);
    throw new RequestException(
        elf.name()
            + " has no program "
            + Elf.shown(program)
            + (programs.isEmpty() ? ", nor any other" : ": it has " + programs));
  }

  private RuntimeException broken(Function function) {
    return new UnsupportedException(
        elf.name()
            + ": program "
            + Elf.shown(function.name())
            + " is of section "
            + Elf.shown(function.sectionName().name())
            + ", which names no target: write iter/TARGET, iter.s/TARGET or dump/PATH,"
            + " as iter/task_file or dump/task/file");
  }

  private ProgramSpec link(int function) {
    return new Linker(this, elf, functions, relocations).link(function);
  }

  /**
   * All maps of the object, in the order of its types, then those of data. What a map of maps or
   * programs holds from the start is told only by the spec of a program that refers to it.
   */
  public List<MapSpec> maps() {
    return List.copyOf(mapTable().specs());
  }

  /**
   * Its types, ready for a kernel to take: data sections have sizes and offsets, externs are plain
   * variables and functions. Ids are the compiler's. Empty when it was compiled without {@code -g},
   * which only an object without maps, externs and CO-RE relocations can be.
   */
  public Optional<Btf> btf() {
    Btf types = types();
    return types.size() == 1 ? Optional.empty() : Optional.of(types);
  }

  /** The same; without any type when it has none. */
  Btf types() {
    if (types == null) {
      Btf raw = rawTypes();
      types = raw.size() == 1 ? raw : BtfFixups.apply(elf, raw, externs());
    }
    return types;
  }

  private Btf rawTypes() {
    if (rawTypes == null) {
      Elf.Section section = elf.section(".BTF");
      if (section == null || section.size() == 0 || section.type() != Elf.SHT_PROGBITS) {
        if (elf.section(".BTF.ext") != null) {
          throw elf.malformed("has lost its BTF, section .BTF: do not strip that", -1);
        }
        rawTypes = new BtfBuilder().build();
        return rawTypes;
      }
      try {
        rawTypes = Btf.parse(elf.copy(section));
      } catch (MalformedException e) {
        throw new MalformedException(elf.name() + ", section .BTF: " + e.getMessage(), -1);
      }
    }
    return rawTypes;
  }

  BtfExt ext() {
    if (ext == null) {
      ext = new BtfExt(elf, elf.section(".BTF.ext"), rawTypes());
    }
    return ext;
  }

  Externs externs() {
    if (externs == null) {
      externs = new Externs(elf, rawTypes());
    }
    return externs;
  }

  Maps mapTable() {
    if (maps == null) {
      maps = new Maps(elf, types(), externs());
    }
    return maps;
  }
}
