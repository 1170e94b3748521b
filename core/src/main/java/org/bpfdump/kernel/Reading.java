// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.kernel;

import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.function.IntFunction;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.IncompleteException;
import org.bpfdump.error.SyscallException;

/**
 * How a dump is read from whatever behaves as an iterator of the kernel does: asked again where
 * that is all it takes, ended by what went wrong where not, and counted. What a read(2) gives is in
 * {@code bpf_seq_read} of {@code kernel/bpf/bpf_iter.c}. For one thread.
 */
public final class Reading {
  /**
   * How often in a row the kernel may say "ask again" without giving anything. It says so after a
   * million objects that the program was silent about, and whenever the program returned 1 for the
   * first object of a read: that many times in a row is a program that will never accept it.
   */
  private static final int MAX_RETRIES = 10_000;

  private static final int EINTR = 4;
  private static final int E2BIG = 7;
  private static final int EAGAIN = 11;
  private static final int EOPNOTSUPP = 95;

  private final Source source;
  private final String target;
  private final IntFunction<String> errors;

  private long bytes;
  private long reads;
  private long retries;
  private boolean ended;
  private String missing = "it was not read to its end";
  private BpfdumpException failure;

  /**
   * @param target its name, for messages
   * @param errors says an error number in words
   */
  public Reading(Source source, String target, IntFunction<String> errors) {
    this.source = source;
    this.target = target;
    this.errors = errors;
  }

  /** What is read. */
  @FunctionalInterface
  public interface Source {
    /**
     * As read(2).
     *
     * @return how many bytes, 0 at the end, or a negative error number
     * @throws BpfdumpException for what ends the dump and has no such number
     */
    long read(MemorySegment into);
  }

  /** As {@link Dump#read}. */
  public long read(MemorySegment into) {
    if (into.byteSize() == 0) {
      throw new IllegalArgumentException("cannot read into no memory");
    }
    if (failure != null) {
      throw failure;
    }
    int again = 0;
    while (!ended) {
      long n = once(into);
      reads++;
      if (n > 0) {
        bytes += n;
        return n;
      }
      if (n == 0) {
        // A kernel would start over for objects that came meanwhile: the first end is the end.
        ended = true;
        missing = null;
      } else if (n == -EAGAIN && ++again < MAX_RETRIES) {
        retries++;
      } else if (n != -EINTR) {
        fail((int) -n);
      }
    }
    return 0;
  }

  private long once(MemorySegment into) {
    try {
      return source.read(into);
    } catch (BpfdumpException e) {
      missing = e.getMessage();
      failure = e;
      throw e;
    }
  }

  private void fail(int errno) {
    missing =
        switch (errno) {
          case E2BIG ->
              "what the program writes for one object of "
                  + target
                  + " is more than the kernel's buffer holds (32767 bytes, E2BIG); write less";
          case EOPNOTSUPP ->
              "what the program writes for all of "
                  + target
                  + " is more than one buffer of the kernel (32 KiB), and this target can be read"
                  + " only once (EOPNOTSUPP); write less, or narrow it by a parameter";
          case EAGAIN ->
              "the program returned 1 for the same object of "
                  + target
                  + " "
                  + MAX_RETRIES
                  + " times (EAGAIN), as some do when what they write does not fit the kernel's buffer"
                  + " (32767 bytes); write less, or return 0 to go on";
          default -> "reading " + target + " failed with " + errors.apply(errno);
        };
    failure =
        switch (errno) {
          case E2BIG, EOPNOTSUPP, EAGAIN ->
              new IncompleteException("the dump is not complete: " + missing);
          default -> new SyscallException("the dump is not complete: " + missing, errno);
        };
    throw failure;
  }

  /** Somebody else reads on from here: unless it has ended, the dump is not complete for this. */
  public void leave(String why) {
    if (!ended) {
      missing = why;
    }
  }

  /** What has been read so far. */
  public Receipt receipt() {
    return new Receipt(bytes, reads, retries, Optional.ofNullable(missing));
  }
}
