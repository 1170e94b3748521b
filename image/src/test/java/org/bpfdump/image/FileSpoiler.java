// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.bpfdump.image.memory.SpoiledFile;
import org.bpfdump.image.memory.SpoiledFile.Piece;

/** Spoils what an image's file has around its pages, and how it has them. */
final class FileSpoiler {
  /** What is read of the file that is no page, alike with alike. */
  private final List<List<Piece>> pieces;

  private final List<Long> frames;
  private final Piece note;

  /**
   * @param opening what opening the image reads of its file
   * @param frames of pages that are read
   */
  FileSpoiler(SpoiledFile file, List<Piece> opening, List<Long> frames) {
    this.frames = frames;
    Set<Piece> data = new HashSet<>(frames.stream().map(file::data).toList());
    Map<Integer, List<Piece>> alike = new TreeMap<>();
    Piece found = null;
    for (Piece piece : opening) {
      if (piece.length() > 0 && !data.contains(piece)) {
        alike.computeIfAbsent(piece.length(), _ -> new ArrayList<>()).add(piece);
        byte[] bytes = file.read(piece.offset(), piece.length());
        if (new String(bytes, StandardCharsets.ISO_8859_1).contains("OSRELEASE=")) {
          found = piece;
        }
      }
    }
    pieces = List.copyOf(alike.values());
    note = Objects.requireNonNull(found, "no VMCOREINFO");
  }

  /** A character of a name or a number of VMCOREINFO, or a whole number, or where a line ends. */
  void note(SpoiledFile file, RandomGenerator random) {
    int at = random.nextInt(note.length());
    if (random.nextInt(4) == 0) {
      file.write(note.offset() + at, (byte) (random.nextBoolean() ? '\n' : random.nextInt()));
      return;
    }
    byte[] text = file.read(note.offset(), note.length());
    while (at < text.length && text[at] != '=') {
      at++;
    }
    byte[] digits = "0123456789abcdef-xf0".getBytes(StandardCharsets.US_ASCII);
    byte same = digits[random.nextInt(digits.length)];
    boolean mixed = random.nextBoolean();
    for (at++; at < text.length && text[at] != '\n' && random.nextInt(12) != 0; at++) {
      byte digit = mixed ? digits[random.nextInt(digits.length)] : same;
      file.write(note.offset() + at, digit);
    }
  }

  /** What says where everything is: headers, bitmaps, descriptors. */
  void piece(SpoiledFile file, RandomGenerator random) {
    long frame = frames.get(random.nextInt(frames.size()));
    List<Piece> alike = pieces.get(random.nextInt(pieces.size()));
    Piece piece = alike.get(random.nextInt(alike.size()));
    if (random.nextInt(4) == 0 && file.descriptor(frame) >= 0) {
      piece = new Piece(file.descriptor(frame), 24);
    }
    int at = random.nextInt(piece.length());
    long aligned = piece.offset() + (at & -Integer.BYTES);
    switch (random.nextInt(8)) {
      case 0 -> {
        Piece other = alike.get(random.nextInt(alike.size()));
        byte[] bytes = file.read(other.offset(), Math.min(other.length(), piece.length()));
        file.write(piece.offset(), bytes);
      }
      case 1 -> Spoiler.flip(file, piece.offset() + at, random);
      case 2 -> file.write(aligned, random.nextInt(1 << 16), Integer.BYTES);
      case 3 -> file.write(aligned, random.nextLong(file.size()), Long.BYTES);
      case 4 -> file.write(piece.offset() + (at & -Long.BYTES), Spoiler.edge(random), Long.BYTES);
      default -> Spoiler.number(file, aligned, random);
    }
  }

  /** The data of a page, as the file has it. */
  void packed(SpoiledFile file, RandomGenerator random) {
    Piece data = file.data(frames.get(random.nextInt(frames.size())));
    for (int i = 1 << random.nextInt(4); i > 0; i--) {
      // Its header is at its start.
      int end = random.nextBoolean() ? data.length() : Math.min(32, data.length());
      long at = data.offset() + random.nextInt(end);
      if (random.nextBoolean()) {
        Spoiler.flip(file, at, random);
      } else {
        file.write(at, (byte) random.nextInt());
      }
    }
  }
}
