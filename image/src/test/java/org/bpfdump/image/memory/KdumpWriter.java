// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import io.airlift.compress.v3.Compressor;
import io.airlift.compress.v3.lzo.LzoCompressor;
import io.airlift.compress.v3.snappy.SnappyJavaCompressor;
import io.airlift.compress.v3.zstd.ZstdJavaCompressor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.zip.Deflater;

/** Writes kdump-compressed files as makedumpfile does. */
final class KdumpWriter {
  static final int STATUS_AT = 424;
  static final int PAGE_SIZE_AT = 428;
  static final int MACHINE_AT = 12 + 4 * 65;

  private final SortedMap<Long, byte[]> pages;
  private final long frames;
  private int flag = KdumpMember.ZLIB;
  private int version = 6;
  private boolean split;
  private long first;
  private long end;
  private int written = Integer.MAX_VALUE;
  private byte[] vmcoreinfo = SamplePages.VMCOREINFO;

  /** Of a machine that had all memory before {@code frames}. */
  KdumpWriter(SortedMap<Long, byte[]> pages, long frames) {
    this.pages = pages;
    this.frames = frames;
    end = frames;
  }

  /** How pages are packed; 0 is not at all. */
  KdumpWriter packedBy(int compression) {
    flag = compression;
    return this;
  }

  KdumpWriter version(int header) {
    version = header;
    return this;
  }

  /** One of several, with these frames. */
  KdumpWriter member(long from, long to) {
    split = true;
    first = from;
    end = to;
    return this;
  }

  /** What the kernel says of itself, where there is room for it: 3 KiB at most. */
  KdumpWriter vmcoreinfo(byte[] bytes) {
    vmcoreinfo = bytes;
    return this;
  }

  /** As if the disk was full after so many pages. */
  KdumpWriter fullAfter(int count) {
    written = count;
    return this;
  }

  byte[] write() {
    int page = PhysicalMemory.PAGE;
    int half = (int) ((frames + 8L * page - 1) / (8L * page)) * page;
    SortedMap<Long, byte[]> mine = pages.subMap(first, end);
    int descriptors = 2 * page + 2 * half;
    int size = descriptors + mine.size() * (KdumpMember.DESCRIPTOR + page) + page;
    ByteBuffer file = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    header(file, 2 * half / page);
    for (long i = 0; i < frames; i++) {
      bit(file, 2 * page, i);
    }
    pages.keySet().forEach(frame -> bit(file, 2 * page + half, frame));
    int data = descriptors + mine.size() * KdumpMember.DESCRIPTOR;
    int zeros = 0;
    int at = descriptors;
    int left = written;
    for (byte[] bytes : mine.values()) {
      if (left-- == 0) {
        return Arrays.copyOf(file.array(), data);
      }
      boolean zero = Arrays.equals(bytes, new byte[page]);
      byte[] packed = zero ? bytes : pack(bytes);
      boolean smaller = packed.length < page;
      int place = data;
      if (zero && zeros != 0) {
        place = zeros;
      } else {
        file.put(data, packed);
        data += packed.length;
        zeros = zero ? place : zeros;
      }
      file.putLong(at, place).putInt(at + 8, packed.length).putInt(at + 12, smaller ? flag : 0);
      at += KdumpMember.DESCRIPTOR;
    }
    return Arrays.copyOf(file.array(), data);
  }

  private void header(ByteBuffer file, int bitmapBlocks) {
    file.put(0, text("KDUMP   ")).putInt(8, version);
    String[] names = {"Linux", "crashme", "6.1.0", "#1 SMP", "x86_64"};
    for (int i = 0; i < names.length; i++) {
      file.put(12 + i * 65, text(names[i]));
    }
    file.putLong(408, 1_700_000_000L);
    file.putInt(STATUS_AT, flag | (written < Integer.MAX_VALUE ? KdumpMember.INCOMPLETE : 0));
    file.putInt(PAGE_SIZE_AT, PhysicalMemory.PAGE).putInt(432, 1).putInt(436, bitmapBlocks);
    file.putInt(440, (int) frames).putInt(460, 2);
    int sub = PhysicalMemory.PAGE;
    file.putLong(sub, -4096).putInt(sub + 8, 31).putInt(sub + 12, split ? 1 : 0);
    if (version >= 6) {
      // The 32-bit ones are obsolete then: not to be looked at.
      file.putLong(sub + 16, -1).putLong(sub + 24, -1);
      file.putLong(sub + 80, first).putLong(sub + 88, end).putLong(sub + 96, frames);
    } else {
      file.putLong(sub + 16, first).putLong(sub + 24, end);
    }
    int text = sub + 1024;
    if (version >= 3) {
      file.putLong(sub + 32, text).putLong(sub + 40, vmcoreinfo.length);
      file.put(text, vmcoreinfo);
    }
    if (version >= 4) {
      int note = sub + 512;
      file.putInt(note, 5).putInt(note + 4, 6).putInt(note + 8, 1).put(note + 12, text("CORE"));
      file.put(note + 20, text("abcdef"));
      file.putLong(sub + 48, note).putLong(sub + 56, 28);
    }
  }

  private static void bit(ByteBuffer file, int bitmap, long frame) {
    int at = bitmap + (int) (frame >>> 3);
    file.put(at, (byte) (file.get(at) | 1 << (frame & 7)));
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private byte[] pack(byte[] page) {
    return switch (flag) {
      case 0 -> page;
      case KdumpMember.ZLIB -> deflate(page);
      case KdumpMember.LZO -> pack(new LzoCompressor(), page);
      case KdumpMember.SNAPPY -> pack(new SnappyJavaCompressor(), page);
      case KdumpMember.ZSTD -> pack(new ZstdJavaCompressor(), page);
      default -> throw new IllegalArgumentException("flag " + flag);
    };
  }

  private static byte[] deflate(byte[] page) {
    try (Deflater deflater = new Deflater(1)) {
      deflater.setInput(page);
      deflater.finish();
      byte[] packed = new byte[2 * page.length];
      byte[] fit = Arrays.copyOf(packed, deflater.deflate(packed));
      return fit.length < page.length ? fit : page;
    }
  }

  private static byte[] pack(Compressor compressor, byte[] page) {
    byte[] packed = new byte[compressor.maxCompressedLength(page.length)];
    int length = compressor.compress(page, 0, page.length, packed, 0, packed.length);
    return length < page.length ? Arrays.copyOf(packed, length) : page;
  }

  /** The same bytes as a flattened file, in chunks that come in any order. */
  static byte[] flattened(byte[] file, int chunk, long seed) {
    List<Integer> chunks = new ArrayList<>();
    for (int at = 0; at < file.length; at += chunk) {
      chunks.add(at);
    }
    Collections.shuffle(chunks, new Random(seed));
    ByteBuffer flat = ByteBuffer.allocate(4096 + file.length + 16 * (chunks.size() + 3) + 200);
    flat.put(text("makedumpfile")).putLong(16, 1).putLong(24, 1).position(4096);
    // Written first, and replaced by what comes later.
    flat.putLong(100).putLong(200).put(new byte[200]);
    for (int at : chunks) {
      int size = Math.min(chunk, file.length - at);
      flat.putLong(at).putLong(size).put(file, at, size);
    }
    flat.putLong(-1).putLong(-1);
    return Arrays.copyOf(flat.array(), flat.position());
  }
}
