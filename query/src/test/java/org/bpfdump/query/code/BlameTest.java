// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.bpfdump.query.code.Plans.compare;
import static org.bpfdump.query.code.Plans.constant;

import java.util.List;
import java.util.Optional;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.plan.Place;
import org.bpfdump.query.plan.Plan;
import org.bpfdump.query.plan.Type;
import org.bpfdump.query.plan.Value;
import org.bpfdump.query.plan.Value.Compare.Relation;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** What the verifier refuses is traced to the column, and read in the other way. */
@RequiresKernel
class BlameTest {
  /** A direct load from beyond the end of a struct. */
  private static Value refused(Plans plans) {
    Place place =
        new Place(plans.argument("task"), 30_000, Optional.empty(), 0, Place.Reach.DIRECT);
    return new Value.Load(Plans.SPAN, Type.U64, place, Optional.empty());
  }

  private static VerifierException refusal(LiveKernel kernel, Compiled compiled) {
    return catchThrowableOfType(VerifierException.class, () -> kernel.load(compiled.spec()));
  }

  @Test
  void aRefusedLoadIsProbedTheNextTime() {
    try (LiveKernel kernel = LiveKernel.open()) {
      Plans plans = new Plans(kernel.btf(), kernel.target("task"));
      Plan plan =
          plans
              .column("tgid", plans.load("task", "tgid"))
              .column("beyond", refused(plans))
              .column("pid", plans.load("task", "pid"))
              .plan();
      Compiled compiled = Generator.compile(plan, kernel.btf());
      VerifierException refusal = refusal(kernel, compiled);
      Blame blame = compiled.blame(refusal);
      assertThat(blame.column()).isEqualTo(1);
      assertThat(blame.text()).isEqualTo("beyond");
      Compiled probing = compiled.without(refusal, kernel.btf()).orElseThrow();
      try (Dumper dumper = Run.load(kernel, probing, new Parameter.None())) {
        assertThat(Run.bytes(dumper)).isNotEmpty();
      }
      assertThat(probing.without(refusal, kernel.btf())).isEmpty();
    }
  }

  @Test
  void theConditionIsBlamedByItsText() {
    try (LiveKernel kernel = LiveKernel.open()) {
      Plans plans = new Plans(kernel.btf(), kernel.target("task"));
      Plan plan =
          plans
              .column("tgid", plans.load("task", "tgid"))
              .where(compare(refused(plans), Relation.EQUAL, constant(1)))
              .plan();
      Compiled compiled = Generator.compile(plan, kernel.btf());
      VerifierException refusal = refusal(kernel, compiled);
      Blame blame = compiled.blame(refusal);
      assertThat(blame.condition()).isTrue();
      assertThat(blame.text()).isEqualTo("the condition");
      assertThat(refusal.log()).contains("; the condition");
      assertThat(List.of(blame.column())).containsExactly(-1);
    }
  }
}
