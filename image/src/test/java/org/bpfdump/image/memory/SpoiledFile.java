// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An image's file of which bytes are changed in memory, and made sound again: only blocks that were
 * changed take any. It tells which pieces were read. For one thread at a time.
 */
public final class SpoiledFile {
  private static final int BLOCK = PhysicalMemory.PAGE;

  /** Some bytes that a reader asked for at once. */
  public record Piece(long offset, int length) {}

  /**
   * Where a page is.
   *
   * @param descriptor of a kdump-compressed file's; -1 in an ELF core
   * @param data as the file has it
   */
  private record Place(long descriptor, Piece data) {}

  /** The sound file, which several have in common. */
  private record Sound(MemorySegment bytes, DumpFile file, Map<Long, Place> places) {}

  private final Sound sound;
  private final Map<Long, byte[]> own = new HashMap<>();
  private final Map<Long, Long> unpacked = new HashMap<>();
  private long size;

  /** What was read; null when nobody wants to know. */
  private List<Piece> asked;

  private SpoiledFile(Sound sound) {
    this.sound = sound;
    size = sound.bytes.byteSize();
  }

  /** Of these bytes, which nobody changes. */
  public static SpoiledFile of(byte[] bytes) {
    return of(MemorySegment.ofArray(bytes).asReadOnly());
  }

  /** Of this file, which stays mapped. */
  public static SpoiledFile of(Path file) {
    return of(map(file));
  }

  /** A sound dump, which holds no descriptor. */
  public static DumpFile mapped(Path file) {
    return new SpoiledFile(new Sound(map(file), null, Map.of())).open();
  }

  private static MemorySegment map(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      return channel.map(MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SpoiledFile of(MemorySegment bytes) {
    SpoiledFile reader = new SpoiledFile(new Sound(bytes, null, Map.of()));
    reader.asked();
    DumpFile file = reader.open();
    Map<Long, Place> places = new HashMap<>();
    for (long frame = 0; frame < file.coverage().end(); frame++) {
      reader.asked();
      if (file.memory().page(frame) != null) {
        List<Piece> read = reader.asked();
        long descriptor = file.header().isEmpty() ? -1 : read.get(read.size() - 2).offset;
        places.put(frame, new Place(descriptor, read.getLast()));
      }
    }
    return new SpoiledFile(new Sound(bytes, file, places));
  }

  /** Another of the same sound file, for another thread. */
  public SpoiledFile another() {
    return new SpoiledFile(sound);
  }

  /** Opens it as it is now. */
  public DumpFile open() {
    List<Source> sources = new ArrayList<>(List.of(new View()));
    return Opener.dump(sources);
  }

  /** Whether pages are compressed. */
  public boolean isPacked() {
    return sound.file.header().isPresent();
  }

  /** What it was made of, opened. */
  public DumpFile sound() {
    return sound.file;
  }

  /** Makes all sound. */
  public void repair() {
    own.clear();
    unpacked.clear();
    size = sound.bytes.byteSize();
  }

  /** The file ends here now. */
  public void cut(long at) {
    size = Math.min(size, at);
  }

  public long size() {
    return size;
  }

  /** What was read since this was asked the last time; none the first time. */
  public synchronized List<Piece> asked() {
    List<Piece> all = asked == null ? List.of() : asked;
    asked = new ArrayList<>();
    return all;
  }

  private synchronized void ask(Piece piece) {
    if (asked != null) {
      asked.add(piece);
    }
  }

  /** Where the file has a page, packed or not; null when it does not. */
  public Piece data(long frame) {
    Place place = sound.places.get(frame);
    return place == null ? null : place.data;
  }

  /** Where a kdump-compressed file says where that is; -1 in an ELF core. */
  public long descriptor(long frame) {
    return sound.places.get(frame).descriptor;
  }

  /** Where the file has the bytes of a page that it has: from now on, if it had them packed. */
  public long plain(long frame) {
    Place place = sound.places.get(frame);
    return place.descriptor < 0
        ? place.data.offset
        : unpacked.computeIfAbsent(frame, f -> unpack(f, place.descriptor));
  }

  private long unpack(long frame, long descriptor) {
    long at = (size + BLOCK - 1) / BLOCK * BLOCK;
    byte[] page = Dumps.page(sound.file, frame);
    own.put(at / BLOCK, page);
    size = at + BLOCK;
    byte[] place = new byte[16];
    PhysicalMemory.wrap(place).putLong(0, at).putInt(8, BLOCK);
    write(descriptor, place);
    return at;
  }

  /** Bytes as they are now; zeros after the end. */
  public byte[] read(long at, int length) {
    byte[] bytes = new byte[length];
    for (int done = 0; done < length; ) {
      long block = (at + done) / BLOCK;
      int from = (int) ((at + done) % BLOCK);
      int n = Math.min(length - done, BLOCK - from);
      byte[] changed = own.get(block);
      if (changed != null) {
        System.arraycopy(changed, from, bytes, done, n);
      } else {
        int there = Math.clamp(sound.bytes.byteSize() - at - done, 0, n);
        if (there > 0) {
          MemorySegment.copy(sound.bytes, ValueLayout.JAVA_BYTE, at + done, bytes, done, there);
        }
      }
      done += n;
    }
    return bytes;
  }

  /** A number as it is now. */
  public long u64(long at) {
    return PhysicalMemory.wrap(read(at, Long.BYTES)).getLong();
  }

  /** Changes bytes. */
  public void write(long at, byte... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      own.computeIfAbsent((at + i) / BLOCK, this::block)[(int) ((at + i) % BLOCK)] = bytes[i];
    }
  }

  /** Changes a number of 1 to 8 bytes. */
  public void write(long at, long number, int bytes) {
    byte[] all = new byte[Long.BYTES];
    PhysicalMemory.wrap(all).putLong(number);
    write(at, Arrays.copyOf(all, bytes));
  }

  private byte[] block(long number) {
    byte[] block = new byte[BLOCK];
    long from = number * BLOCK;
    int there = Math.clamp(sound.bytes.byteSize() - from, 0, BLOCK);
    if (there > 0) {
      MemorySegment.copy(sound.bytes, ValueLayout.JAVA_BYTE, from, block, 0, there);
    }
    return block;
  }

  /** What readers are given. */
  private final class View implements Source {
    @Override
    public String name() {
      return "spoiled";
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void read(long offset, byte[] into, int at, int length) {
      if (!has(offset, length)) {
        throw new IndexOutOfBoundsException(offset + " + " + length + " of " + size);
      }
      ask(new Piece(offset, length));
      System.arraycopy(SpoiledFile.this.read(offset, length), 0, into, at, length);
    }

    @Override
    public void close() {
      // The sound bytes stay.
    }
  }
}
