// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.bpfdump.testkit.Exec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputTest {
  @Test
  void writesAllHoweverLittleIsTakenAtATime() {
    ByteArrayOutputStream taken = new ByteArrayOutputStream();
    int[] calls = {0};
    Output output =
        new Output(
            channel(bytes -> {
              if (calls[0]++ % 3 == 0) {
                return 0;
              }
              taken.write(bytes.get());
              return 1;
            }),
            null);

    output.print("größer");

    assertThat(taken.toString(StandardCharsets.UTF_8)).isEqualTo("größer");
  }

  @Test
  void aPipeThatFailsHasLostItsReaderAndAFileHasNot(@TempDir Path dir) {
    Path pipe = dir.resolve("pipe");
    Exec.of("mkfifo", pipe.toString()).run().ok();
    WritableByteChannel failing =
        channel(bytes -> {
          throw new IOException("in the words of some language");
        });

    assertThat(failure(new Output(failing, pipe)).readerGone()).isTrue();
    assertThat(failure(new Output(failing, dir)).readerGone()).isFalse();
    assertThat(failure(new Output(failing, dir.resolve("none"))).readerGone()).isFalse();
    assertThat(failure(new Output(failing, null)))
        .hasMessageContaining("standard output: in the words of some language");
  }

  private static Output.WriteException failure(Output output) {
    return catchThrowableOfType(Output.WriteException.class, () -> output.print("x"));
  }

  private interface Taker {
    int take(ByteBuffer bytes) throws IOException;
  }

  private static WritableByteChannel channel(Taker taker) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        return taker.take(bytes);
      }

      @Override
      public boolean isOpen() {
        return true;
      }

      @Override
      public void close() {}
    };
  }
}
