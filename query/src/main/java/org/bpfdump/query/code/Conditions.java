// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.bpfdump.asm.Register.R10;
import static org.bpfdump.query.code.Emission.pick;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.query.plan.Value;

/** Code that goes one of three ways: true, false, NULL. */
final class Conditions {
  private final Emission out;
  private final Assembler asm;
  private final Values values;
  private final Texts texts;

  Conditions(Emission out, Values values, Texts texts) {
    this.out = out;
    this.asm = out.asm;
    this.values = values;
    this.texts = texts;
  }

  /** Decides a condition, with these registers free. */
  void decide(Value value, Targets to, int free) {
    switch (value) {
      case Value.Constant constant -> go(constant.value() != 0 ? to.yes() : to.no(), to.next());
      case Value.Not not -> decide(not.of(), to.negated(), free);
      case Value.Both _ -> chain(value, to, free);
      case Value.Either _ -> chain(value, to, free);
      case Value.Compare compare -> compare(compare, to, free);
      case Value.TextTest test -> texts.decide(test, to);
      case Value.TextSame same -> texts.decide(same, to);
      case Value.Choose choose -> {
        Assembler.Label yes = asm.label();
        Assembler.Label no = asm.label();
        decide(choose.condition(), new Targets(yes, no, to.none(), yes), free);
        asm.place(yes);
        decide(choose.yes(), new Targets(to.yes(), to.no(), to.none(), null), free);
        asm.place(no);
        decide(choose.no(), to, free);
      }
      case Value.ContextNumber _,
          Value.ContextPointer _,
          Value.Load _,
          Value.AddressOf _,
          Value.Retyped _,
          Value.PerCpu _,
          Value.Unary _,
          Value.Binary _,
          Value.Convert _,
          Value.Clock _ -> {
        Register register = pick(free);
        values.compute(value, register, free, to.none());
        branch(Condition.NE, Condition.EQ, register, 0, free, to);
      }
    }
  }

  private void go(Assembler.Label to, Assembler.Label next) {
    if (to != next) {
      asm.jump(to);
    }
  }

  private void branch(
      Condition holds, Condition fails, Register left, long right, int free, Targets to) {
    if (to.yes() == to.next()) {
      out.jumpIf(fails, left, right, free, to.no());
    } else {
      out.jumpIf(holds, left, right, free, to.yes());
      go(to.no(), to.next());
    }
  }

  private void compare(Value.Compare compare, Targets to, int free) {
    Condition holds = condition(compare.relation(), compare.signed());
    Condition fails = condition(opposite(compare.relation()), compare.signed());
    Register left = pick(free);
    if (compare.right() instanceof Value.Constant(_, _, long right)) {
      values.compute(compare.left(), left, free, to.none());
      branch(holds, fails, left, right, free, to);
      return;
    }
    Register right = values.pair(compare.left(), compare.right(), left, free, to.none());
    if (to.yes() == to.next()) {
      asm.jumpIf(fails, left, right, to.no());
    } else {
      asm.jumpIf(holds, left, right, to.yes());
      go(to.no(), to.next());
    }
  }

  /**
   * {@code a && b && ...}, or with {@code ||}. The first operand that is 0 (not 0) decides. One
   * that is NULL does not: that there was one is kept on the stack until the others are known,
   * unless the answer is the same to whoever asks.
   */
  private void chain(Value value, Targets to, int free) {
    boolean all = value instanceof Value.Both;
    List<Value> operands = order(value, all, out.facts);
    Assembler.Label decided = all ? to.no() : to.yes();
    Assembler.Label passed = all ? to.yes() : to.no();
    boolean remembers = false;
    if (to.none() != decided && to.none() != passed) {
      for (Value operand : operands.subList(0, operands.size() - 1)) {
        remembers |= out.facts.nullable(operand);
      }
    }
    int seen = remembers ? out.frame.take() : 0;
    if (remembers) {
      asm.store(Size.DOUBLE, R10, seen, 0);
    }
    for (int i = 0; i < operands.size() - 1; i++) {
      Assembler.Label next = asm.label();
      Assembler.Label none = to.none() == decided ? decided : next;
      if (remembers && out.facts.nullable(operands.get(i))) {
        none = remember(seen, next);
      }
      Targets through =
          all ? new Targets(next, decided, none, next) : new Targets(decided, next, none, next);
      decide(operands.get(i), through, free);
      asm.place(next);
    }
    Value last = operands.getLast();
    if (!remembers) {
      decide(last, to, free);
      return;
    }
    Assembler.Label end = asm.label();
    decide(
        last,
        all ? new Targets(end, decided, to.none(), end) : new Targets(decided, end, to.none(), end),
        free);
    Register flag = pick(free);
    asm.place(end).load(Size.DOUBLE, flag, R10, seen).jumpIf(Condition.NE, flag, 0, to.none());
    out.frame.release(seen);
    go(passed, to.next());
  }

  private Assembler.Label remember(int seen, Assembler.Label next) {
    Assembler.Label none = asm.label();
    out.later(() -> asm.place(none).store(Size.DOUBLE, R10, seen, 1).jump(next));
    return none;
  }

  /**
   * The operands of {@code &&} (or {@code ||}), however deep: the cheap ones first. The order
   * cannot be seen, as nothing here can fail.
   */
  static List<Value> order(Value value, boolean all, Facts facts) {
    List<Value> operands = new ArrayList<>();
    flatten(value, all, operands);
    operands.sort((a, b) -> Integer.compare(facts.cost(a), facts.cost(b)));
    return operands;
  }

  private static void flatten(Value value, boolean all, List<Value> into) {
    switch (value) {
      case Value.Both both when all -> {
        flatten(both.left(), true, into);
        flatten(both.right(), true, into);
      }
      case Value.Either either when !all -> {
        flatten(either.left(), false, into);
        flatten(either.right(), false, into);
      }
      default -> into.add(value);
    }
  }

  private static Value.Compare.Relation opposite(Value.Compare.Relation relation) {
    return switch (relation) {
      case EQUAL -> Value.Compare.Relation.NOT_EQUAL;
      case NOT_EQUAL -> Value.Compare.Relation.EQUAL;
      case LESS -> Value.Compare.Relation.GREATER_EQUAL;
      case LESS_EQUAL -> Value.Compare.Relation.GREATER;
      case GREATER -> Value.Compare.Relation.LESS_EQUAL;
      case GREATER_EQUAL -> Value.Compare.Relation.LESS;
    };
  }

  private static Condition condition(Value.Compare.Relation relation, boolean signed) {
    return switch (relation) {
      case EQUAL -> Condition.EQ;
      case NOT_EQUAL -> Condition.NE;
      case LESS -> signed ? Condition.SIGNED_LT : Condition.LT;
      case LESS_EQUAL -> signed ? Condition.SIGNED_LE : Condition.LE;
      case GREATER -> signed ? Condition.SIGNED_GT : Condition.GT;
      case GREATER_EQUAL -> signed ? Condition.SIGNED_GE : Condition.GE;
    };
  }
}
