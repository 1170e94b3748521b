// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.snapshot;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.LogRecord;
import org.bpfdump.image.memory.VirtualMemory;

/**
 * The kernel's log from its oldest record to its newest. Records that were being written are left
 * out; what is broken ends it. Of one thread. Source: kernel/printk/printk_ringbuffer.c, which is
 * there since 5.10.
 */
public final class KernelLog implements Iterator<LogRecord> {
  /** Two bits of a descriptor's state variable that are not of its id. */
  private static final int STATE_SHIFT = 62;

  private static final long ID = (1L << STATE_SHIFT) - 1;
  private static final int COMMITTED = 1;
  private static final int FINALIZED = 2;

  /** Set in a position that is none: of an empty line, or of a text that had no room. */
  private static final long NO_POSITION = 1;

  /** More bits of a count or a size than a kernel can be told to take. */
  private static final int MOST_BITS = 31;

  private final VirtualMemory memory;
  private final Layout layout;
  private final long descriptors;
  private final long infos;
  private final long count;
  private final long data;
  private final int sizeBits;
  private final long head;
  private long id;
  private boolean ended;
  private LogRecord next;
  private String broken = "";

  /** Where everything is in the kernel's structs. */
  private record Layout(
      int descriptor,
      Field state,
      Field begin,
      Field end,
      int info,
      Field sequence,
      Field time,
      Field length,
      Field facility,
      Field level) {
    static Layout of(Types types) {
      String info = "printk_info";
      return new Layout(
          types.size("prb_desc"),
          types.field("prb_desc", "state_var.counter"),
          types.field("prb_desc", "text_blk_lpos.begin"),
          types.field("prb_desc", "text_blk_lpos.next"),
          types.size(info),
          types.field(info, "seq"),
          types.field(info, "ts_nsec"),
          types.field(info, "text_len"),
          types.field(info, "facility"),
          types.field(info, "level"));
    }
  }

  /**
   * The log of a kernel.
   *
   * @throws org.bpfdump.error.UnsupportedException when the image does not say where it is
   * @throws MemoryFaultException when it is not in the file
   * @throws MalformedException when it is none
   */
  public KernelLog(Snapshot snapshot) {
    memory = snapshot.memory();
    Types types = snapshot.types();
    layout = Layout.of(types);
    String name = "printk_ringbuffer";
    long ring = memory.u64(snapshot.root(Root.PRB));
    long bits = types.field(name, "desc_ring.count_bits").get(memory, ring);
    long size = types.field(name, "text_data_ring.size_bits").get(memory, ring);
    if (bits < 0 || bits > MOST_BITS || size < 3 || size > MOST_BITS) {
      throw new MalformedException("the kernel's log in this image is broken: its size", -1);
    }
    count = 1L << bits;
    sizeBits = (int) size;
    descriptors = types.field(name, "desc_ring.descs").get(memory, ring);
    infos = types.field(name, "desc_ring.infos").get(memory, ring);
    data = types.field(name, "text_data_ring.data").get(memory, ring);
    head = types.field(name, "desc_ring.head_id.counter").get(memory, ring) & ID;
    id = types.field(name, "desc_ring.tail_id.counter").get(memory, ring) & ID;
    if (((head - id) & ID) >= count) {
      throw new MalformedException("the kernel's log in this image is broken: its ends", -1);
    }
  }

  /** What ended it before its newest record, in words; empty when nothing did, or not yet. */
  public String broken() {
    return broken;
  }

  @Override
  public boolean hasNext() {
    try {
      while (next == null && !ended) {
        next = record(id);
        ended = id == head;
        id = (id + 1) & ID;
      }
    } catch (MemoryFaultException e) {
      broken = "the rest of the log is missing: " + e.getMessage();
      ended = true;
    }
    return next != null;
  }

  @Override
  public LogRecord next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    LogRecord record = next;
    next = null;
    return record;
  }

  /** The record of a descriptor; null when it has none that is whole. */
  private LogRecord record(long number) {
    long index = number & (count - 1);
    long descriptor = descriptors + index * layout.descriptor;
    long variable = layout.state.get(memory, descriptor);
    int state = (int) (variable >>> STATE_SHIFT);
    if ((variable & ID) != number || (state != COMMITTED && state != FINALIZED)) {
      return null;
    }
    long info = infos + index * layout.info;
    int length = (int) layout.length.get(memory, info);
    return new LogRecord(
        layout.sequence.get(memory, info),
        Duration.ofNanos(Math.max(0, layout.time.get(memory, info))),
        (int) layout.level.get(memory, info),
        (int) layout.facility.get(memory, info),
        text(layout.begin.get(memory, descriptor), layout.end.get(memory, descriptor), length));
  }

  /** The text of a block between two positions, which go on counting at the end of the ring. */
  private String text(long begin, long end, int length) {
    if ((begin & NO_POSITION) != 0) {
      return "";
    }
    long size = 1L << sizeBits;
    long start = begin & (size - 1);
    long room = end - begin;
    if (begin >>> sizeBits != end >>> sizeBits && (end & (size - 1)) != 0) {
      // What would not fit before the end is whole at the start.
      start = 0;
      room = end & (size - 1);
    }
    // A block begins with the id of its descriptor.
    room = Math.min(room, size - start);
    if (room <= Long.BYTES) {
      return "";
    }
    byte[] bytes = new byte[(int) Math.min(room - Long.BYTES, length)];
    memory.read(data + start + Long.BYTES, bytes, 0, bytes.length);
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
