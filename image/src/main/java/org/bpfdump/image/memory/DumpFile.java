// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.bpfdump.image.ImageSource;

/**
 * A file with the memory of a machine, or the members of a split one. Safe for use by several
 * threads; owns the memory and the files.
 */
public final class DumpFile implements AutoCloseable {
  /** {@code NT_PRSTATUS}: the registers of a CPU. Source: {@code include/uapi/linux/elf.h}. */
  public static final int NT_PRSTATUS = 1;

  private final String format;
  private final PhysicalMemory memory;
  private final NoteTable notes;
  private final List<Segment> segments;
  private final Optional<KdumpHeader> header;
  private final Coverage coverage;

  DumpFile(
      String format,
      PhysicalMemory memory,
      NoteTable notes,
      List<Segment> segments,
      Optional<KdumpHeader> header,
      Coverage coverage) {
    this.format = format;
    this.memory = memory;
    this.notes = notes;
    this.segments = List.copyOf(segments);
    this.header = header;
    this.coverage = coverage;
  }

  /**
   * Opens a dump.
   *
   * @param paths one file, or all members of a split set in any order
   * @param progress is told how far packed files are unpacked
   * @throws IOException when a file cannot be read
   * @throws org.bpfdump.error.MalformedException when a file breaks its format
   * @throws org.bpfdump.error.UnsupportedException when it is no dump, or of a machine or kind that
   *     is not read yet
   * @throws org.bpfdump.error.RequestException when the files do not make one dump
   */
  public static DumpFile open(List<Path> paths, ImageSource.Progress progress) throws IOException {
    return Opener.open(paths, progress);
  }

  /** For a person: {@code ELF core}, {@code kdump-compressed (zstd), flattened}. */
  public String format() {
    return format;
  }

  /** For a person and for choosing a {@link Translation}: always {@code x86-64} for now. */
  public String architecture() {
    return "x86-64";
  }

  /** Its pages; closed with this. */
  public PhysicalMemory memory() {
    return memory;
  }

  /** The text that the kernel left for tools, lines of {@code KEY=value}; empty when not there. */
  public Optional<byte[]> vmcoreinfo() {
    return notes.vmcoreinfo();
  }

  /**
   * The ELF notes of one kind, in the order of the file: one for each CPU of {@link #NT_PRSTATUS}.
   *
   * @param name who defined the kind: {@code CORE}, {@code QEMU}, {@code VMCOREINFO}
   * @param type its number there
   * @return their contents, raw: {@code struct elf_prstatus} say, perhaps shorter than that
   */
  public List<byte[]> notes(String name, int type) {
    return notes.find(name, type);
  }

  /** The ranges that an ELF core's headers have; none of a kdump-compressed file. */
  public List<Segment> segments() {
    return segments;
  }

  /** What a kdump-compressed file's header says. */
  public Optional<KdumpHeader> header() {
    return header;
  }

  /** How much of the machine's memory is there. */
  public Coverage coverage() {
    return coverage;
  }

  @Override
  public void close() {
    memory.close();
  }
}
