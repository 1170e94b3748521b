// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.bpfdump.error.RequestException;

/** Text from several places, each line of which begins with the name of its own, and a tab. */
final class NamedLines {
  private final Output out;
  private final ByteBuffer ready;

  private byte[] chunk = {};
  private byte[] name = {};
  private boolean within;

  /**
   * @param size of what is written at once, in bytes
   */
  NamedLines(Output out, int size) {
    this.out = out;
    this.ready = ByteBuffer.allocateDirect(size);
  }

  /** Starts the text of a place. */
  void begin(String place) {
    name = (Errors.visible(place) + '\t').getBytes(StandardCharsets.UTF_8);
    within = false;
  }

  /**
   * Writes what comes next of it, which may begin and end within a line.
   *
   * @throws RequestException when it is no text; nothing of this part is written then
   */
  void write(ByteBuffer part) {
    int length = part.remaining();
    if (chunk.length < length) {
      chunk = new byte[length];
    }
    part.get(chunk, 0, length);
    for (int i = 0; i < length; i++) {
      if (chunk[i] == 0) {
        throw new RequestException(
            "what the program writes is no text, so that its lines cannot be told apart by"
                + " namespace; run it with --netns for one at a time");
      }
    }
    int from = 0;
    for (int i = 0; i < length; i++) {
      if (chunk[i] == '\n') {
        line(from, i + 1);
        within = false;
        from = i + 1;
      }
    }
    if (from < length) {
      line(from, length);
    }
    flush();
  }

  /** Ends the text of a place, and its last line. */
  void end() {
    if (within) {
      chunk[0] = '\n';
      put(chunk, 0, 1);
      within = false;
      flush();
    }
  }

  private void line(int from, int to) {
    if (!within) {
      put(name, 0, name.length);
      within = true;
    }
    put(chunk, from, to);
  }

  private void put(byte[] bytes, int from, int to) {
    for (int at = from; at < to; ) {
      if (!ready.hasRemaining()) {
        flush();
      }
      int n = Math.min(to - at, ready.remaining());
      ready.put(bytes, at, n);
      at += n;
    }
  }

  private void flush() {
    out.write(ready.flip());
    ready.clear();
  }
}
