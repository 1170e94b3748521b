// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import org.bpfdump.error.RequestException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines are told apart wherever the kernel's buffers end, and however small ours is. */
class NamedLinesTest {
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Output out = new Output(Channels.newChannel(written), null);

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  private String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 1000})
  void everyLineBeginsWithItsName(int size) {
    for (int part = 1; part < 14; part++) {
      written.reset();
      NamedLines lines = new NamedLines(out, size);
      for (String name : new String[] {"a", "blue"}) {
        lines.begin(name);
        String text = "first\n\nsecönd\tx";
        byte[] all = text.getBytes(StandardCharsets.UTF_8);
        for (int at = 0; at < all.length; at += part) {
          lines.write(ByteBuffer.wrap(all, at, Math.min(part, all.length - at)));
        }
        lines.end();
      }
      assertThat(text())
          .as("parts of " + part)
          .isEqualTo("a\tfirst\na\t\na\tsecönd\tx\nblue\tfirst\nblue\t\nblue\tsecönd\tx\n");
    }
  }

  @Test
  void aPlaceWithoutTextHasNoLine() {
    NamedLines lines = new NamedLines(out, 10);
    lines.begin("a");
    lines.end();
    lines.begin("b");
    lines.write(bytes("x\n"));
    lines.end();
    assertThat(text()).isEqualTo("b\tx\n");
  }

  @Test
  void aNameCannotLookLikeAnother() {
    NamedLines lines = new NamedLines(out, 100);
    lines.begin("a\tx\nb");
    lines.write(bytes("x\n"));
    assertThat(text()).isEqualTo("a\\x09x\\x0ab\tx\n");
  }

  @Test
  void whatIsNoTextIsRefusedBeforeItIsWritten() {
    NamedLines lines = new NamedLines(out, 100);
    lines.begin("a");
    assertThatThrownBy(() -> lines.write(bytes("x\ny\0z\n")))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("is no text");
    assertThat(text()).isEmpty();
  }
}
