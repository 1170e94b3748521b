// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.walk;

import org.bpfdump.error.MemoryFaultException;
import org.bpfdump.image.memory.VirtualMemory;
import org.bpfdump.image.snapshot.Notes;
import org.bpfdump.image.walk.container.BrokenException;
import org.bpfdump.image.walk.container.Room;

/**
 * A walk that is told in steps, each of which may meet what is broken: that is noted, and the next
 * step goes on. Cursors have left a broken branch when they throw; a step that reads memory itself
 * must have moved on before it does.
 */
public abstract class GuardedWalk implements Walk {
  /** After so much that is broken there is no use in going on. */
  private static final int HOPELESS = 100_000;

  /** The pass's memory. */
  protected final VirtualMemory memory;

  /** The pass's notes, for what is missing without an exception. */
  protected final Notes notes;

  /** What the walk may come by: cursors that may show the same more than once take from it. */
  protected final Room room;

  private int broken;

  /** A pass with what {@code context} has. */
  protected GuardedWalk(WalkContext context) {
    memory = context.memory();
    notes = context.notes();
    room = new Room(context.snapshot());
  }

  /**
   * Goes to the next object, as {@link Walk#next}.
   *
   * @throws MemoryFaultException when something is not in memory
   * @throws BrokenException when something is not what it should be
   */
  protected abstract boolean step(long[] arguments);

  /** What is being walked, as a note names it: {@code the files of task 12}. */
  protected abstract String place();

  @Override
  public final boolean next(long[] arguments) {
    while (broken < HOPELESS && !room.isExhausted()) {
      try {
        return step(arguments);
      } catch (MemoryFaultException | BrokenException e) {
        notes.missing(place() + ": " + e.getMessage());
        broken++;
        if (broken == HOPELESS) {
          notes.missing(place() + ": too much is broken to go on");
        }
      }
    }
    return false;
  }
}
