// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.VerifierException;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.row.RowLayout;
import org.bpfdump.spec.ProgramSpec;

/** A plan's program, and what it writes. */
public final class Compiled {
  private final Plan plan;
  private final ProgramSpec spec;
  private final RowLayout layout;
  private final Set<Place> demoted;
  private final int capacity;
  private final Form form;
  private final List<Source.Line> lines;
  private final Map<Integer, Place> accesses;

  Compiled(
      Plan plan,
      ProgramSpec spec,
      RowLayout layout,
      Form form,
      Set<Place> demoted,
      int capacity,
      List<Source.Line> lines,
      Map<Integer, Place> accesses) {
    this.plan = plan;
    this.spec = spec;
    this.layout = layout;
    this.form = form;
    this.demoted = Set.copyOf(demoted);
    this.capacity = capacity;
    this.lines = lines;
    this.accesses = accesses;
  }

  /** The program. */
  public ProgramSpec spec() {
    return spec;
  }

  /** How its rows are laid out. */
  public RowLayout layout() {
    return layout;
  }

  /** Places that are probed although the plan reads them directly. */
  public Set<Place> demoted() {
    return demoted;
  }

  /** Bytes of the map that the rows are collected in, if they are. */
  public int capacity() {
    return capacity;
  }

  /** The parts of the query that have most of the program, with how many instructions. */
  public String most() {
    return Costs.most(lines, spec.code().size());
  }

  /** What of the query the verifier refused. */
  public Blame blame(VerifierException refusal) {
    int slot = Blame.slot(refusal.log());
    Source.Line found = null;
    for (Source.Line line : lines) {
      if (line.slot() <= slot) {
        found = line;
      }
    }
    return Blame.of(plan, found, slot, Optional.ofNullable(accesses.get(slot)));
  }

  /**
   * The same plan's program after the verifier refused this one, with the direct load that it
   * refused made a probe; empty when it refused something else. Each time there is one direct load
   * less, so that trying again comes to an end.
   */
  public Optional<Compiled> without(VerifierException refusal, Btf kernel) {
    Optional<Place> place = blame(refusal).place();
    if (place.isEmpty() || demoted.contains(place.get())) {
      return Optional.empty();
    }
    Set<Place> more = new HashSet<>(demoted);
    more.add(place.get());
    return Optional.of(Generator.compile(plan, kernel, form, more, capacity));
  }

  /** The same plan's program with a larger map for its rows. */
  public Compiled with(int largerCapacity, Btf kernel) {
    return Generator.compile(plan, kernel, form, demoted, largerCapacity);
  }
}
