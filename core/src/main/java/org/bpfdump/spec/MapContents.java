// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.spec;

import java.util.List;

/** What a map holds before the program runs. */
public sealed interface MapContents {
  /** Nothing. */
  record Empty() implements MapContents {}

  /**
   * The one value of a data section's map.
   *
   * @param bytes the value, not to be changed
   * @param frozen whether nobody may change it, so that the verifier takes it for constant
   */
  @SuppressWarnings("ArrayRecordComponent") // identity is enough: specs are not compared
  record Data(byte[] bytes, boolean frozen) implements MapContents {}

  /**
   * One frozen value that holds the kernel's configuration.
   *
   * @param size of the value, in bytes
   * @param externs what is asked for, and where it goes
   */
  record Kconfig(int size, List<KconfigExtern> externs) implements MapContents {
    public Kconfig {
      externs = List.copyOf(externs);
    }
  }

  /** Other maps, or programs, by index. */
  record Slots(List<Slot> slots) implements MapContents {
    public Slots {
      slots = List.copyOf(slots);
    }
  }

  /** One entry of a map of maps or of programs. */
  sealed interface Slot {
    /** The key. */
    int index();

    /** A map, by index in {@link ProgramSpec#maps()}. */
    record OfMap(int index, int map) implements Slot {}

    /** A program, by name: the spec's own or one of {@link ProgramSpec#callees()}. */
    record OfProgram(int index, String program) implements Slot {}
  }
}
