// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.bpfdump.error.VerifierException;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** What a person reads when a kernel refuses a program and explains it, as 7.3 does. */
@RequiresKernel
class ExplainedRefusalTest {
  private static final String REASON = "R2 invalid mem access 'trusted_ptr_or_null_'";

  /** What 7.3 says of fixture refuse_null_check. */
  private static String log() throws IOException {
    try (InputStream in =
        ExplainedRefusalTest.class.getResourceAsStream("/verifier/7.3-null-check.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static VerifierException refusal(String log) throws IOException {
    ProgramSpec program =
        ObjectFile.read(Project.fixtures().resolve("clang-14/refuse_null_check.bpf.o")).program();
    try (LiveKernel kernel = LiveKernel.open(new RefusingDoor(log))) {
      return catchThrowableOfType(VerifierException.class, () -> kernel.load(program).close());
    }
  }

  @Test
  void theReasonIsWhatStandsBeforeTheExplanation() throws IOException {
    VerifierException refusal = refusal(log());
    assertThat(refusal)
        .hasMessage(
            "the kernel refuses program no_null_check at refuse_null_check.bpf.c:9: "
                + REASON
                + "; check the pointer for NULL, and follow the copy that was checked");
    assertThat(refusal.detail()).contains(REASON).doesNotContain("Causal path");
    assertThat(refusal.log()).contains("Causal path");
  }

  @Test
  void whereWeKnowNoRemedyTheKernelsSuggestionIsOne() throws IOException {
    assertThat(refusal(log().replace(REASON, "R2 is not what it was")))
        .hasMessage(
            "the kernel refuses program no_null_check at refuse_null_check.bpf.c:9: R2 is not what"
                + " it was; add a NULL check before the access and dereference the pointer only on"
                + " the non-NULL path");
  }
}
