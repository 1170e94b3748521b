// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import java.util.List;
import org.bpfdump.query.plan.Cell;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.plan.Text;
import org.bpfdump.query.plan.Value;

/** How a program reads what its query is about; for who wants to know, not for the program. */
public final class Readings {
  private final Facts facts;

  /** Of a plan's program as it was loaded in the end. */
  public Readings(Plan plan, Compiled compiled) {
    facts = new Facts(compiled.demoted(), Generator.object(plan.target()).offset());
  }

  /**
   * How often memory is read.
   *
   * @param direct loads, whose types the verifier knows
   * @param probed copies from any address, each of which can be torn
   */
  public record Count(int direct, int probed) {
    private Count plus(Count more) {
      return new Count(direct + more.direct, probed + more.probed);
    }
  }

  /** The operands of {@code &&} in a condition, in the order in which the program looks at them. */
  public List<Value> order(Value condition) {
    return Conditions.order(condition, true, facts);
  }

  /** Of a column. */
  public Count of(Cell cell) {
    return switch (cell) {
      case Cell.Scalar scalar -> of(scalar.value());
      case Cell.Characters characters -> of(characters.text());
      case Cell.Bytes bytes -> of(bytes.place());
      case Cell.Address address -> of(address.four()).plus(of(address.six()));
    };
  }

  /** Of a value, all branches taken. */
  public Count of(Value value) {
    return switch (value) {
      case Value.Load load -> of(load.place());
      case Value.TextTest test -> of(test.text());
      case Value.TextSame same -> of(same.left()).plus(of(same.right()));
      case Value other -> sum(Facts.parts(other));
    };
  }

  private Count of(Text text) {
    return switch (text) {
      case Text.CharArray array -> of(array.place());
      case Text.StringAt string -> sum(Facts.parts(string)).plus(new Count(0, 1));
      case Text.Choice(_, var condition, var yes, var no) ->
          of(condition).plus(of(yes)).plus(of(no));
      case Text.Counted counted -> sum(Facts.parts(counted)).plus(new Count(0, 1));
      case Text.Joined joined -> of(joined.after());
      case Text.PathOf _, Text.SymbolAt _, Text.Literal _ -> sum(Facts.parts(text));
    };
  }

  private Count of(Place place) {
    return sum(Facts.parts(place)).plus(facts.direct(place) ? new Count(1, 0) : new Count(0, 1));
  }

  private Count sum(List<Value> values) {
    Count sum = new Count(0, 0);
    for (Value value : values) {
      sum = sum.plus(of(value));
    }
    return sum;
  }
}
