// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.vm;

import java.util.Arrays;
import org.bpfdump.error.ProgramException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Snapshot;
import org.bpfdump.image.vm.helper.HelperState;

/**
 * The machine that engines run programs on.
 *
 * <p>What a run may cost is counted in slots: each jump backward takes as many as it goes back, the
 * end of a function as many as it is away from the function's start. So no more instructions run
 * than were taken, but for those of the calls that are still going on.
 */
public final class Processor implements Machine {
  /** What one run of a program may cost: some seconds. */
  public static final long BUDGET = 1L << 30;

  /** Functions of a program inside each other; kernels let through 8. */
  static final int FRAMES = 16;

  /** Tail calls of one run: {@code MAX_TAIL_CALL_CNT} of the kernel. */
  static final int TAIL_CALLS = 33;

  /** How often one call of a function passes {@code may_goto}: {@code BPF_MAX_LOOPS}. */
  static final int MAY_JUMPS = 8 << 20;

  private static final int EFAULT = 14;

  private final Snapshot snapshot;
  private final VirtualMemory kernel;
  private final Regions own;
  private final SeqBuffer output;
  private final HelperState helpers;
  private final long limit;
  private final Frame[] frames = new Frame[FRAMES];
  private int depth;
  private int tailCalls;

  /** What is left to the run. */
  long budget;

  /** The slot that was last about to do what can fail. */
  int slot;

  /** The program that runs now; null between runs. */
  private Executable current;

  /** What the function that called the helper goes on as; null for itself. */
  private Executable tail;

  /** The failure whose message says where it was. */
  private ProgramException located;

  /** A machine whose runs may cost {@link #BUDGET}. */
  public Processor(
      Snapshot snapshot, VirtualMemory kernel, Regions own, SeqBuffer output, HelperState helpers) {
    this(snapshot, kernel, own, output, helpers, BUDGET);
  }

  /**
   * A machine.
   *
   * @param kernel the image's memory, for this machine alone
   * @param own where programs have their memory, stacks included
   * @param helpers for this machine alone
   * @param limit what one run of a program may cost
   */
  public Processor(
      Snapshot snapshot,
      VirtualMemory kernel,
      Regions own,
      SeqBuffer output,
      HelperState helpers,
      long limit) {
    this.snapshot = snapshot;
    this.kernel = kernel;
    this.own = own;
    this.output = output;
    this.helpers = helpers;
    this.limit = limit;
  }

  static Processor of(Machine machine) {
    if (machine instanceof Processor processor) {
      return processor;
    }
    throw new IllegalArgumentException("no machine for programs: " + machine);
  }

  @Override
  public Regions own() {
    return own;
  }

  @Override
  public VirtualMemory kernel() {
    return kernel;
  }

  @Override
  public Snapshot snapshot() {
    return snapshot;
  }

  @Override
  public HelperState helpers() {
    return helpers;
  }

  @Override
  public SeqBuffer output() {
    return output;
  }

  @Override
  public int read(long address, byte[] into, int offset, int length) {
    if (ProgramMemory.isOwn(address)) {
      byte[] region = own.find(address);
      if (region != null && Regions.inside(region, address, length)) {
        System.arraycopy(region, (int) address, into, offset, length);
        return 0;
      }
    } else if (kernel.copy(address, into, offset, length) == length) {
      return 0;
    }
    Arrays.fill(into, offset, offset + length, (byte) 0);
    return -EFAULT;
  }

  @Override
  public void write(long address, byte[] from, int offset, int length) {
    byte[] region = own.writable(address, length);
    System.arraycopy(from, offset, region, (int) address, length);
  }

  @Override
  public long callback(long function, long r1, long r2, long r3, long r4, long r5) {
    if (current == null) {
      throw new IllegalStateException("no program runs");
    }
    if (function >>> 32 != 1 << 30) {
      throw new ProgramException(
          "has 0x" + Long.toHexString(function) + " called, which is no function of it");
    }
    int here = slot;
    long result = current.invoke(this, (int) function, r1, r2, r3, r4, r5);
    slot = here;
    return result;
  }

  @Override
  public boolean tailCall(Engine.Prepared program) {
    if (tailCalls == TAIL_CALLS) {
      return false;
    }
    tailCalls++;
    tail = (Executable) program;
    return true;
  }

  @Override
  public RuntimeException end(long cookie) {
    return new Ended(cookie);
  }

  @Override
  public void charge(long instructions) {
    budget -= instructions;
    if (budget < 0) {
      throw exhausted();
    }
  }

  ProgramException exhausted() {
    return new ProgramException(
        "runs on and on: more than " + limit + " instructions for one object");
  }

  ProgramException notGiven() {
    return new ProgramException("calls a function that it was not given");
  }

  /** Runs a function of a program from outside, or as what another goes on as. */
  long start(Executable program, int function, long r1, long r2, long r3, long r4, long r5) {
    Executable outer = current;
    int outerDepth = depth;
    int here = slot;
    if (outer == null) {
      budget = limit;
      tailCalls = 0;
      own.keepRemoved(true);
    }
    current = program;
    try {
      return program.invoke(this, function, r1, r2, r3, r4, r5);
    } catch (Ended ended) {
      depth = outerDepth;
      return caught(program, ended.cookie);
    } catch (ProgramException failure) {
      throw locate(failure);
    } finally {
      current = outer;
      if (outer == null) {
        own.keepRemoved(false);
      }
      depth = outerDepth;
      slot = here;
      tail = null;
    }
  }

  /** What a program that threw returns. */
  private long caught(Executable program, long cookie) {
    if (program.catcher() == Program.NONE) {
      return cookie;
    }
    try {
      return program.invoke(this, program.catcher(), cookie, 0, 0, 0, 0);
    } catch (Ended again) {
      throw locate(new ProgramException("throws in its function for what it throws"));
    } catch (ProgramException failure) {
      throw locate(failure);
    }
  }

  private ProgramException locate(ProgramException failure) {
    if (failure != located) {
      located =
          new ProgramException(
              "program " + current.name() + ", slot " + slot + ": " + failure.getMessage());
    }
    return located;
  }

  /** The frame of a function that begins. */
  Frame enter() {
    if (depth == FRAMES) {
      throw new ProgramException("calls more than " + FRAMES + " functions inside each other");
    }
    Frame frame = frames[depth];
    if (frame == null) {
      frame = new Frame(own.allocate(Frame.STACK, true));
      frames[depth] = frame;
    }
    depth++;
    return frame;
  }

  /**
   * The function whose frame was entered last ends.
   *
   * @param slots how far from its start
   * @param at at which slot
   */
  void exit(int slots, int at) {
    budget -= slots;
    if (budget < 0) {
      slot = at;
      throw exhausted();
    }
    depth--;
  }

  /** Whether the helper just called made its caller go on as another program. */
  boolean tailed() {
    return tail != null;
  }

  /** Runs that program, in the frame of the function that it goes on for. */
  long runTail(long context) {
    Executable program = tail;
    tail = null;
    depth--;
    long result = start(program, 0, context, 0, 0, 0, 0);
    depth++;
    return result;
  }

  /** Reads memory of either kind; what the kernel does not have is 0. */
  long load(long address, int size) {
    if (!ProgramMemory.isOwn(address)) {
      return kernel.loadOrZero(address, size);
    }
    byte[] region = own.readable(address, size);
    int offset = (int) address;
    return switch (size) {
      case 1 -> region[offset] & 0xFFL;
      case 2 -> (short) Regions.SHORT.get(region, offset) & 0xFFFFL;
      case 4 -> (int) Regions.INT.get(region, offset) & 0xFFFFFFFFL;
      default -> (long) Regions.LONG.get(region, offset);
    };
  }

  /** Writes the lower bytes of a value. */
  void store(long address, int size, long value) {
    byte[] region = own.writable(address, size);
    int offset = (int) address;
    switch (size) {
      case 1 -> region[offset] = (byte) value;
      case 2 -> Regions.SHORT.set(region, offset, (short) value);
      case 4 -> Regions.INT.set(region, offset, (int) value);
      default -> Regions.LONG.set(region, offset, value);
    }
  }
}
