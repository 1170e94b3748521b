// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import java.lang.foreign.MemorySegment;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.kernel.Reading;

/**
 * Runs a program over the objects of a walk, and gives what it wrote as a read(2) of the kernel's
 * iterator does: which objects one read comes to, what is taken back and shown again, and which
 * numbers they have. Source: {@code bpf_seq_read} in kernel/bpf/bpf_iter.c.
 *
 * <p>Two limits of running kernels are not here, since nobody changes an image: cgroups and DMA
 * buffers may be read in more than one piece.
 */
final class Pass implements Reading.Source {
  /** {@code MAX_ITER_OBJECTS}: after so many, a read gives what there is. */
  private static final int MOST_OBJECTS = 1_000_000;

  private static final int E2BIG = 7;
  private static final int EAGAIN = 11;

  private final Walk walk;
  private final Runner runner;
  private final SeqFile output;
  private final long[] arguments;
  private final boolean token;
  private final boolean endsOnOne;

  /** Number of the object in {@link #arguments}. */
  private long number = -1;

  /** Whether there is an object that has not been accepted yet. */
  private boolean pending;

  private boolean ended;

  /** Whether the program ended the walk. */
  private boolean stopped;

  /** Whether the call after the last object was made. */
  private boolean done;

  /** What ended the pass, once everything before it has been read. */
  private BpfdumpException failure;

  /** Runs the program once. */
  @FunctionalInterface
  interface Runner {
    /** Its result, for an object of this number. */
    long run(long number, long[] arguments);
  }

  /**
   * @param arguments how many the program has after {@code meta}, as far as types tell
   * @param token see {@link org.bpfdump.image.walk.ImageTarget#hasStartToken}
   * @param endsOnOne see {@link org.bpfdump.image.walk.ImageTarget#endsOnOne}
   */
  Pass(Walk walk, Runner runner, SeqFile output, int arguments, boolean token, boolean endsOnOne) {
    this.walk = walk;
    this.runner = runner;
    this.output = output;
    this.arguments = new long[Math.max(arguments, Walk.MOST_ARGUMENTS)];
    this.token = token;
    this.endsOnOne = endsOnOne;
  }

  /** Whether the walk has come to its end. */
  boolean ended() {
    return ended;
  }

  @Override
  public long read(MemorySegment into) {
    if (!output.hasUnread()) {
      if (failure != null) {
        throw failure;
      }
      int error = fill(into.byteSize());
      if (error < 0) {
        return error;
      }
    }
    return output.read(into);
  }

  /** Shows objects until there is enough to read; 0, or a negative errno when there is nothing. */
  private int fill(long wanted) {
    if (!pending) {
      step();
    }
    for (int objects = 1; pending; objects++) {
      int before = output.count();
      int error = show(before);
      if (error < 0) {
        return before == 0 ? error : 0;
      }
      before = output.count();
      step();
      if (pending && before >= wanted) {
        return 0;
      }
      if (pending && objects >= MOST_OBJECTS) {
        return before == 0 ? -EAGAIN : 0;
      }
    }
    return failure == null && !done ? end() : 0;
  }

  /** Goes to the next object. */
  private void step() {
    if (ended) {
      return;
    }
    try {
      if (walk.next(arguments)) {
        number += walk.taken();
        pending = true;
      } else {
        ended = true;
      }
    } catch (BpfdumpException e) {
      fail(e, output.count());
    }
  }

  /** Shows the program the object, and takes it for accepted unless that fails. */
  private int show(int before) {
    long result;
    try {
      result = runner.run(number, arguments);
    } catch (BpfdumpException e) {
      fail(e, before);
      return -EAGAIN;
    }
    if (result != 0 && !endsOnOne) {
      output.rollBack(before);
      return -EAGAIN;
    }
    if (output.overflowed()) {
      output.rollBack(before);
      return -E2BIG;
    }
    pending = false;
    stopped = result != 0;
    ended |= stopped;
    return 0;
  }

  /** Shows the program that there is nothing more. */
  private int end() {
    if (!walk.last(arguments)) {
      done = true;
      return 0;
    }
    int before = output.count();
    long last = stopped ? number : number + walk.trailing();
    try {
      runner.run(token ? last : Math.max(0, last), arguments);
    } catch (BpfdumpException e) {
      fail(e, before);
      return 0;
    }
    if (output.overflowed()) {
      output.rollBack(before);
      return before == 0 ? -E2BIG : 0;
    }
    done = true;
    return 0;
  }

  /** Ends the pass: at once when there is nothing to be read before that. */
  private void fail(BpfdumpException e, int before) {
    output.rollBack(before);
    failure = e;
    pending = false;
    ended = true;
    if (before == 0) {
      throw e;
    }
  }
}
