// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.query.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.bpfdump.asm.Assembler;
import org.bpfdump.asm.Condition;
import org.bpfdump.asm.Register;
import org.bpfdump.asm.Size;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.VerifierException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.kernel.Targets;
import org.bpfdump.live.LiveKernel;
import org.bpfdump.query.plan.Type;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** The verifier of the running kernel says to loads what {@link Walk} says it does. */
@RequiresKernel
class WalkTest {
  private static final int LOADS = 150;

  private final Btf btf = Checking.kernel("running");
  private final Types types = new Types(btf);
  private final Walk walk = new Walk(types);

  /** A load, and what its result is used for. */
  private record Step(long offset, int size) {}

  @Test
  void theVerifierAgrees() {
    long seed = System.nanoTime();
    System.out.println("WalkTest seed " + seed);
    Random random = new Random(seed);
    List<String> differences = new ArrayList<>();
    int accepted = 0;
    int refused = 0;
    try (LiveKernel kernel = LiveKernel.open()) {
      for (Target target : Targets.in(btf, "", Set.of())) {
        if (target.parameters().contains(Parameter.Kind.MAP)) {
          continue;
        }
        for (Target.Argument argument : target.arguments()) {
          int struct =
              types.resolved(argument.typeId()) instanceof BtfType.Ptr pointer
                  ? types.resolve(pointer.type())
                  : 0;
          if (struct == 0 || argument.offset() == 0 || types.composite(struct) == null) {
            continue;
          }
          for (int i = 0; i < LOADS; i++) {
            List<Step> steps = steps(random, struct);
            boolean expected = accepts(struct, steps);
            boolean actual = loads(kernel, target, argument, steps);
            if (expected) {
              accepted++;
            } else {
              refused++;
            }
            if (expected != actual) {
              differences.add(
                  target.name()
                      + "."
                      + argument.name()
                      + " "
                      + steps
                      + (actual ? " is loaded" : " is refused"));
            }
          }
        }
      }
    }
    assertThat(differences).as("seed " + seed).isEmpty();
    assertThat(accepted).isPositive();
    assertThat(refused).isPositive();
  }

  /** One load, or several where each leads on from the one before. */
  private List<Step> steps(Random random, int struct) {
    List<Step> steps = new ArrayList<>();
    int at = struct;
    for (int depth = 0; depth < 4; depth++) {
      Step step = step(random, at);
      steps.add(step);
      if (!(walk.load(at, step.offset(), step.size()) instanceof Walk.Answer.Pointer p)) {
        // Once more through what is no pointer, now and then: the verifier must refuse.
        if (random.nextInt(8) == 0) {
          steps.add(new Step(0, 1));
        }
        return steps;
      }
      at = p.struct();
    }
    return steps;
  }

  private Step step(Random random, int struct) {
    long bytes = Math.max(1, btf.sizeOf(struct));
    List<Members.Found> members = new Members(types).all(struct);
    int size = 1 << random.nextInt(4);
    if (members.isEmpty() || random.nextInt(8) == 0) {
      return new Step(Math.min(random.nextLong(bytes + 8), 32000) / size * size, size);
    }
    Members.Found member = members.get(random.nextInt(members.size()));
    long offset = member.bit() / 8;
    int depth = 0;
    while (types.composite(member.type()) != null && depth++ < 8) {
      List<Members.Found> inner = new Members(types).all(member.type());
      if (inner.isEmpty()) {
        break;
      }
      member = inner.get(random.nextInt(inner.size()));
      offset += member.bit() / 8;
    }
    Type type = types.scalar(member.type());
    if (type != null && member.bits() == 0 && random.nextInt(4) != 0) {
      size = type instanceof Type.Int number ? number.bytes() : 8;
    }
    if (random.nextInt(8) == 0) {
      offset = Math.max(0, offset - 4 + random.nextInt(9));
    }
    return new Step(Math.min(offset, 32000), size);
  }

  private boolean accepts(int struct, List<Step> steps) {
    int at = struct;
    for (int i = 0; i < steps.size(); i++) {
      Walk.Answer answer = walk.load(at, steps.get(i).offset(), steps.get(i).size());
      if (answer instanceof Walk.Answer.Refused) {
        return false;
      }
      if (i + 1 < steps.size()) {
        if (!(answer instanceof Walk.Answer.Pointer p)) {
          return answer instanceof Walk.Answer.Memory;
        }
        at = p.struct();
      }
    }
    return true;
  }

  private static boolean loads(
      LiveKernel kernel, Target target, Target.Argument argument, List<Step> steps) {
    Assembler asm = new Assembler();
    Assembler.Label out = asm.label();
    asm.load(Size.DOUBLE, Register.R6, Register.R1, argument.offset());
    for (Step step : steps) {
      asm.jumpIf(Condition.EQ, Register.R6, 0, out);
      asm.load(Size.ofBytes(step.size()), Register.R6, Register.R6, (int) step.offset());
    }
    asm.place(out).move(Register.R0, 0).exit();
    ProgramSpec spec =
        new ProgramSpec(
            "walk",
            "",
            Optional.of(target.name()),
            false,
            true,
            "GPL",
            ByteOrder.nativeOrder(),
            asm.code(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty());
    try {
      kernel.load(spec).close();
      return true;
    } catch (VerifierException e) {
      return false;
    }
  }
}
