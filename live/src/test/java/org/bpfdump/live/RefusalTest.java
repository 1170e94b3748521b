// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.error.VerifierException;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.testkit.Project;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.Test;

/** What a person reads when the kernel refuses a program. */
@RequiresKernel
class RefusalTest {
  private static Throwable refusal(String fixture) throws IOException {
    ObjectFile object =
        ObjectFile.read(Project.fixtures().resolve("clang-14/" + fixture + ".bpf.o"));
    try (LiveKernel kernel = LiveKernel.open()) {
      return catchThrowable(() -> kernel.load(object.program()).close());
    }
  }

  private static VerifierException verifier(String fixture) throws IOException {
    Throwable refusal = refusal(fixture);
    assertThat(refusal).isInstanceOf(VerifierException.class);
    return (VerifierException) refusal;
  }

  @Test
  void aMissingNullCheckNamesItsLineAndTheRemedy() throws IOException {
    VerifierException refusal = verifier("refuse_null_check");
    assertThat(refusal)
        .hasMessageMatching(
            "the kernel refuses program \\w+ at refuse_null_check.bpf.c:\\d+: R\\d invalid mem access"
                + " '\\w*_or_null_'; check the pointer for NULL, and follow the copy that was"
                + " checked");
    // The source line, then the end of the log as the kernel wrote it.
    assertThat(refusal.detail())
        .containsPattern("refuse_null_check.bpf.c:\\d+\n +\\S.*task")
        .contains("invalid mem access")
        .contains("processed ");
    assertThat(refusal.log()).contains("R1=ctx()");
  }

  @Test
  void aLicenceThatIsNotGplIsNamedAsTheCause() throws IOException {
    assertThat(verifier("refuse_license"))
        .hasMessageContaining("non-GPL compatible program")
        .hasMessageContaining("SEC(\"license\") = \"GPL\"");
  }

  @Test
  void aFieldThatThisKernelLacksIsNamed() throws IOException {
    assertThat(verifier("refuse_missing_field"))
        .hasMessageContaining(
            "FIELD_BYTE_OFFSET of struct task_struct___other.bpfdump_no_such_field")
        .hasMessageContaining("is not in this kernel; guard the access by bpf_core_field_exists");
  }

  @Test
  void aHelperThatThisKernelLacksIsNamed() {
    try (LiveKernel kernel = LiveKernel.open()) {
      assertThatThrownBy(() -> kernel.load(Programs.calling("task", 4711)))
          .isInstanceOf(VerifierException.class)
          .hasMessageContaining("unknown#4711")
          .hasMessageContaining("this kernel is too old for the helper");
    }
  }

  @Test
  void anObjectOfTheOtherByteOrderIsNamedSo() throws IOException {
    assertThat(refusal("object_big_endian"))
        .isInstanceOf(UnsupportedException.class)
        .hasMessageContaining("compiled for machines of the other byte order");
  }
}
