// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.QueryException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.kernel.Targets;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.code.Generator;
import org.bpfdump.query.plan.Column;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.syntax.Parser;
import org.bpfdump.query.syntax.QueryText;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** What can be selected is loaded: the verifier refuses no field, however it is reached. */
@RequiresKernel
class EveryFieldTest {
  private static final int PLANS = 12;
  private static final int COLUMNS = 10;
  private static final int DEPTH = 5;

  private final Btf btf = Checking.kernel("running");

  @Test
  void theVerifierTakesEveryField() {
    long seed = System.nanoTime();
    System.out.println("EveryFieldTest seed " + seed);
    Random random = new Random(seed);
    List<String> refused = new ArrayList<>();
    int columns = 0;
    try (LiveKernel kernel = LiveKernel.open()) {
      for (Target target : Targets.in(btf, "", Set.of())) {
        if (target.parameters().contains(Parameter.Kind.MAP)) {
          continue;
        }
        Checker checker = new Checker(btf, target, false);
        Fields fields = new Fields(btf, target);
        for (int i = 0; i < PLANS; i++) {
          List<Column> some = new ArrayList<>();
          while (some.size() < COLUMNS) {
            column(random, target, fields, checker).ifPresent(some::add);
          }
          columns += some.size();
          if (loads(kernel, new Plan(target, some, Optional.empty())) != null) {
            for (Column one : some) {
              String log = loads(kernel, new Plan(target, List.of(one), Optional.empty()));
              if (log != null) {
                refused.add(target.name() + ": " + one.text() + ": " + log);
              }
            }
          }
        }
      }
    }
    assertThat(refused).as("seed " + seed).isEmpty();
    assertThat(columns).isGreaterThan(1000);
  }

  /** The verifier's last words, or null. */
  private String loads(LiveKernel kernel, Plan plan) {
    try {
      kernel.load(Generator.compile(plan, btf).spec()).close();
      return null;
    } catch (VerifierException e) {
      return e.detail();
    }
  }

  /** A field some steps away, by members, elements and pointers. */
  private Optional<Column> column(Random random, Target target, Fields fields, Checker checker) {
    List<Fields.Field> from = new ArrayList<>(fields.arguments());
    from.removeIf(field -> field.name().equals("meta"));
    Fields.Field field = from.get(random.nextInt(from.size()));
    String path = field.name();
    for (int depth = 0; depth < DEPTH && field.members(); depth++) {
      try {
        from = fields.of(source(path));
      } catch (QueryException e) {
        return Optional.empty();
      }
      if (from.isEmpty()) {
        return Optional.empty();
      }
      field = from.get(random.nextInt(from.size()));
      path = path + "." + field.name();
      for (int i = field.declaration().indexOf('['); i >= 0; ) {
        // Mostly the first element, sometimes one that only the program knows.
        path = path + (random.nextInt(4) == 0 ? "[" + position(target) + "]" : "[0]");
        i = field.declaration().indexOf('[', i + 1);
      }
      if (random.nextInt(3) == 0) {
        break;
      }
    }
    try {
      return Optional.of(checker.column(new QueryText.Column(path, source(path))));
    } catch (QueryException e) {
      return Optional.empty();
    }
  }

  private static String position(Target target) {
    return target.name().startsWith("task") ? "task.tgid" : "meta.seq_num";
  }

  private static QueryText.Source source(String text) {
    return new QueryText.Source(text, Parser.expression(text));
  }
}
