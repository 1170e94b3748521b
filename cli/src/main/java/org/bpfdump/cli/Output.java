// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/** Where a command's output goes: unbuffered, and no failed write is missed. */
final class Output {
  private static final Path STDOUT = Path.of("/proc/self/fd/1");
  private static final int FILE_TYPE = 0xF000; // S_IFMT
  private static final int FIFO = 0x1000;
  private static final int SOCKET = 0xC000;
  private static final long PAUSE_NANOS = 1_000_000;

  private final WritableByteChannel channel;
  private final Path file;

  /**
   * @param channel takes the bytes
   * @param file where the file system shows what that is; null when it does not
   */
  Output(WritableByteChannel channel, Path file) {
    this.channel = channel;
    this.file = file;
  }

  /** Standard output: what is in a direct buffer is written with no copy made. */
  @SuppressWarnings("resource") // the process has it to its end
  static Output ofThisProcess() {
    return new Output(new FileOutputStream(FileDescriptor.out).getChannel(), STDOUT);
  }

  /** Whether it is this process's standard output. */
  boolean isOfThisProcess() {
    return file != null;
  }

  /** Writes all that remains in a buffer. */
  void write(ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        if (channel.write(bytes) == 0) {
          LockSupport.parkNanos(PAUSE_NANOS); // a full pipe that someone made non-blocking
        }
      }
    } catch (IOException e) {
      throw new WriteException(e, isPipe());
    }
  }

  /** Writes text as UTF-8. */
  void print(String text) {
    write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Whether the output is a pipe or socket. Writing to one fails for one reason: nobody reads it.
   * The exception does not say which error it was, except in words of the user's language.
   */
  private boolean isPipe() {
    if (file == null) {
      return false;
    }
    try {
      int type = (int) Files.getAttribute(file, "unix:mode") & FILE_TYPE;
      return type == FIFO || type == SOCKET;
    } catch (IOException e) {
      return false;
    }
  }

  /** The output took not everything. */
  static final class WriteException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final boolean readerGone;

    WriteException(IOException cause, boolean readerGone) {
      super(
          "cannot write to standard output: " + cause.getMessage() + "; what it has is a part",
          cause);
      this.readerGone = readerGone;
    }

    /** Whether that is because nobody wants more. */
    boolean readerGone() {
      return readerGone;
    }
  }
}
