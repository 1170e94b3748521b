// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.RelocationException;

/** Puts a relocation to all candidates and sees that those who can answer agree. */
final class Resolver {
  private final Types local;
  private final Candidates candidates;

  Resolver(Types local, Candidates candidates) {
    this.local = local;
    this.candidates = candidates;
  }

  Resolution resolve(CoreRelocation relocation) {
    Question question = question(relocation, local);
    Answer expected = question.expected();
    if (relocation.kind() == CoreRelocation.Kind.TYPE_ID_LOCAL) {
      return new Resolution(expected, expected);
    }
    if (local.name(relocation.type()).isEmpty()) {
      throw new RelocationException(
          "a type without a name cannot be looked for in the kernel; give it its name there");
    }
    List<Candidates.Candidate> namesakes = candidates.of(relocation.type());
    List<Candidates.Candidate> matching = new ArrayList<>(namesakes.size());
    Answer actual = null;
    for (Candidates.Candidate candidate : namesakes) {
      Answer answer = question.ask(candidate.types(), candidate.id());
      if (answer == null) {
        continue;
      }
      if (actual == null) {
        actual = answer;
      } else if (answer.bitOffset() != actual.bitOffset() || answer.value() != actual.value()) {
        throw ambiguous(matching.getFirst(), actual, candidate, answer);
      }
      matching.add(candidate);
    }
    if (actual == null) {
      return new Resolution(expected, question.missing());
    }
    if (matching.size() < namesakes.size()) {
      candidates.narrow(relocation.type(), matching);
    }
    return new Resolution(expected, actual);
  }

  static Question question(CoreRelocation relocation, Types local) {
    return switch (relocation.kind()) {
      case FIELD_BYTE_OFFSET,
          FIELD_BYTE_SIZE,
          FIELD_EXISTS,
          FIELD_SIGNED,
          FIELD_LSHIFT_U64,
          FIELD_RSHIFT_U64 ->
          FieldQuestion.of(relocation, local);
      case TYPE_ID_LOCAL, TYPE_ID_TARGET, TYPE_EXISTS, TYPE_SIZE, TYPE_MATCHES ->
          TypeQuestion.of(relocation, local);
      case ENUMVAL_EXISTS, ENUMVAL_VALUE -> EnumeratorQuestion.of(relocation, local);
    };
  }

  private static RelocationException ambiguous(
      Candidates.Candidate first, Answer firstAnswer, Candidates.Candidate second, Answer answer) {
    boolean offsets = firstAnswer.bitOffset() != answer.bitOffset();
    return new RelocationException(
        "the kernel has several types of this name that disagree: "
            + (offsets ? "bit offset " : "value ")
            + (offsets ? firstAnswer.bitOffset() : firstAnswer.value())
            + " in type "
            + first.id()
            + ", "
            + (offsets ? answer.bitOffset() : answer.value())
            + " in type "
            + second.id()
            + "; access before it a field that only the one you mean has");
  }
}
