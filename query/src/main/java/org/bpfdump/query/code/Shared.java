// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R0;
import static org.bpfdump.asm.Register.R10;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;

/**
 * Pointers in the objects that the target hands over ({@code task.cred}) which several parts of a
 * query follow: loaded once for each object, and kept on the stack. A load is nothing, but for each
 * pointer from an object that the kernel vouches for the verifier searches the kernel's types for
 * long.
 *
 * <p>Pointers behind others are not shared: NULL on the way there would be a second state for the
 * verifier to follow through all that comes after.
 */
final class Shared {
  /** Slots of the stack. */
  private static final int MOST = 8;

  /** A pointer that can be shared: a member of what the context points at, both by their offset. */
  private record Key(int argument, long offset) {}

  /** How often a pointer is followed. */
  private static final class Uses {
    final Value.Load load;
    int all;
    boolean tested;

    Uses(Value.Load load) {
      this.load = load;
    }
  }

  private final Emission out;
  private final Map<Key, Uses> uses = new LinkedHashMap<>();
  private final Map<Key, Integer> slots = new LinkedHashMap<>();

  Shared(Emission out) {
    this.out = out;
  }

  /** Looks for what a plan's parts have in common. */
  void find(Plan plan) {
    count(new ArrayList<>(plan.where().map(List::of).orElse(List.of())), true);
    for (Column column : plan.columns()) {
      count(RowWriter.parts(column.cell()), false);
    }
    uses.values().removeIf(use -> use.all < 2);
  }

  private void count(List<Value> values, boolean tested) {
    for (Value value : values) {
      Key key = value instanceof Value.Load load ? key(load) : null;
      if (key != null) {
        Uses use = uses.computeIfAbsent(key, _ -> new Uses((Value.Load) value));
        use.all++;
        use.tested |= tested;
      }
      count(Facts.parts(value), tested);
    }
  }

  /** Null for what is not shared. */
  private Key key(Value.Load load) {
    Place place = load.place();
    return load.type() instanceof Type.Pointer
            && load.bits().isEmpty()
            && out.facts.direct(place)
            && place.offset() < Short.MAX_VALUE
            && place.pointer() instanceof Value.ContextPointer argument
            && !out.facts.checks(argument)
        ? new Key(argument.offset(), place.offset())
        : null;
  }

  /**
   * Loads pointers, with R0 free.
   *
   * @param tested those that the condition follows; else those that only columns do
   */
  void load(boolean tested, Values values) {
    Assembler asm = out.asm;
    for (Map.Entry<Key, Uses> use : uses.entrySet()) {
      if (use.getValue().tested == tested && slots.size() < MOST) {
        values.computeCut(use.getValue().load, R0, 0, null);
        int slot = out.frame.take();
        asm.store(Size.DOUBLE, R10, slot, R0);
        slots.put(use.getKey(), slot);
      }
    }
  }

  /** {@code dst =} a pointer that was loaded before; false when it was not. */
  boolean give(Value.Load load, Register dst) {
    Integer slot = slots.isEmpty() ? null : slots.get(key(load));
    if (slot != null) {
      out.asm.load(Size.DOUBLE, dst, R10, slot);
    }
    return slot != null;
  }
}
