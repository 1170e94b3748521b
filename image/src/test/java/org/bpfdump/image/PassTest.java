// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bpfdump.error.ProgramException;
import org.bpfdump.image.walk.Walk;
import org.bpfdump.kernel.Reading;
import org.junit.jupiter.api.Test;

/** What one read comes to, and which number a program is told, where real images do not show it. */
class PassTest {
  private final SeqFile output = new SeqFile();

  /** Gives 1, 2, ... up to {@code last}. */
  private static class Counting implements Walk {
    private final long last;
    private long at;

    Counting(long last) {
      this.last = last;
    }

    @Override
    public boolean next(long[] arguments) {
      arguments[0] = at < last ? ++at : 0;
      return arguments[0] != 0;
    }
  }

  private long write(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    output.write(bytes, 0, bytes.length);
    return 0;
  }

  /** Writes "number:object " for each call. */
  private long told(long number, long[] arguments) {
    return write(number + ":" + arguments[0] + " ");
  }

  private Pass pass(Walk walk, Pass.Runner runner) {
    return new Pass(walk, runner, output, 1, false, false);
  }

  private static String all(Pass pass) {
    Reading reading = new Reading(pass, "test", errno -> "error " + errno);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(1 << 16);
      for (long n = reading.read(into); n > 0; n = reading.read(into)) {
        bytes.writeBytes(into.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
      }
    }
    return bytes.toString(StandardCharsets.US_ASCII);
  }

  @Test
  void objectsAreNumberedAndTheLastCallHasTheLastNumber() {
    assertThat(all(pass(new Counting(3), this::told))).isEqualTo("0:1 1:2 2:3 2:0 ");
    assertThat(all(pass(new Counting(0), this::told))).isEqualTo("0:0 ");
  }

  @Test
  void afterATokenTheLastCallOfNothingHasNumberMinusOne() {
    assertThat(all(new Pass(new Counting(2), this::told, output, 1, true, false)))
        .isEqualTo("0:1 1:2 1:0 ");
    assertThat(all(new Pass(new Counting(0), this::told, output, 1, true, false)))
        .isEqualTo("-1:0 ");
  }

  @Test
  void objectsThatAreNotShownTakeNumbersToo() {
    Walk walk =
        new Counting(2) {
          @Override
          public int taken() {
            return 3;
          }

          @Override
          public int trailing() {
            return 4;
          }
        };
    assertThat(all(pass(walk, this::told))).isEqualTo("2:1 5:2 9:0 ");
  }

  @Test
  void aTargetMayHaveNoLastCall() {
    Walk walk =
        new Counting(2) {
          @Override
          public boolean last(long[] arguments) {
            return false;
          }
        };
    assertThat(all(pass(walk, this::told))).isEqualTo("0:1 1:2 ");
  }

  @Test
  void whereOneEndsTheWalkItsRecordIsKept() {
    Pass.Runner untilTwo =
        (number, arguments) -> told(number, arguments) + (arguments[0] == 2 ? 1 : 0);
    assertThat(all(new Pass(new Counting(9), untilTwo, output, 1, false, true)))
        .isEqualTo("0:1 1:2 1:0 ");
  }

  @Test
  void whatWasWrittenBeforeAFailureIsReadFirst() {
    Pass pass =
        pass(
            new Counting(5),
            (number, arguments) -> {
              told(number, arguments);
              if (arguments[0] == 3) {
                throw new ProgramException("left its memory");
              }
              return 0;
            });
    Reading reading = new Reading(pass, "test", errno -> "error " + errno);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment into = arena.allocate(100);
      assertThat(reading.read(into)).isEqualTo("0:1 1:2 ".length());
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> reading.read(into))
            .isInstanceOf(ProgramException.class)
            .hasMessage("left its memory");
      }
    }
    assertThat(reading.receipt().missing()).contains("left its memory");
  }

  @Test
  void aMillionSilentObjectsAreAskedForAgain() {
    Pass pass =
        pass(new Counting(2_500_000), (number, arguments) -> arguments[0] == 0 ? write("end") : 0);
    Reading reading = new Reading(pass, "test", errno -> "error " + errno);
    try (Arena arena = Arena.ofConfined()) {
      assertThat(reading.read(arena.allocate(100))).isEqualTo(3);
    }
    assertThat(reading.receipt().retries()).isEqualTo(2);
  }

  @Test
  void aLastCallThatDoesNotFitIsMadeAgain() {
    String large = "x".repeat(20_000);
    String text = all(pass(new Counting(1), (_, _) -> write(large)));
    assertThat(text).hasSize(2 * large.length());
  }

  @Test
  void onlyAsManyObjectsAreShownAsAreReadFor() {
    long[] shown = new long[1];
    Pass pass =
        pass(
            new Counting(1000),
            (_, _) -> {
              shown[0]++;
              return write("ab");
            });
    try (Arena arena = Arena.ofConfined()) {
      assertThat(pass.read(arena.allocate(3))).isEqualTo(3);
      assertThat(shown[0]).isEqualTo(2);
      assertThat(pass.read(arena.allocate(3))).isEqualTo(1);
      assertThat(shown[0]).isEqualTo(2);
    }
  }

  @Test
  void theBufferIsFullWhenNoByteIsFree() {
    byte[] bytes = new byte[SeqFile.SIZE];
    Arrays.fill(bytes, (byte) 'x');
    assertThat(output.write(bytes, 0, SeqFile.SIZE - 1)).isTrue();
    assertThat(output.overflowed()).isFalse();
    assertThat(output.write(bytes, 0, 0)).isTrue();
    assertThat(output.write(bytes, 0, 1)).isFalse();
    assertThat(output.overflowed()).isTrue();
  }

  @Test
  void typesMayTellOfFewerArgumentsThanTheWalkHas() {
    Walk three =
        new Counting(2) {
          @Override
          public boolean next(long[] arguments) {
            arguments[2] = 7;
            return super.next(arguments);
          }
        };
    assertThat(all(new Pass(three, this::told, output, 0, false, false))).isEqualTo("0:1 1:2 1:0 ");
  }
}
