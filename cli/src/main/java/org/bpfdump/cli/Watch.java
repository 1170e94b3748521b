// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.cli;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bpfdump.query.QueryReceipt;

/** The same dump again and again, until somebody ends the process. */
final class Watch {
  private static final String HIDE_CURSOR = "\033[?25l";
  private static final String SHOW_CURSOR = "\033[?25h";

  private final RowDumps dumps;
  private final Session session;
  private final long pause;

  /** {@code seconds} from one pass to the next. */
  Watch(RowDumps dumps, Session session, int seconds) {
    this.dumps = dumps;
    this.session = session;
    this.pause = TimeUnit.SECONDS.toNanos(seconds);
  }

  /** Never ends by itself. */
  void run() {
    Output out = session.out();
    boolean screen = out.isOfThisProcess() && Terminal.is(1);
    if (screen) {
      // A signal ends the process where it is; the screen is left as others expect it.
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> out.print(SHOW_CURSOR + "\033[0m\n"), "screen"));
      out.print(HIDE_CURSOR + "\033[2J");
    }
    Frame before = Frame.EMPTY;
    while (true) {
      long next = System.nanoTime() + pause;
      Terminal terminal = screen ? Terminal.of(1) : null;
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      QueryReceipt receipt =
          dumps.to((from, start, end) -> bytes.write(from, start, end - start), terminal);
      String text = bytes.toString(StandardCharsets.UTF_8);
      if (terminal == null) {
        out.print(text);
        if (!receipt.complete() || dumps.options().receipt()) {
          session.err().print(Errors.line(receipt.toString()));
        }
      } else {
        Frame frame = new Frame(text.lines().toList());
        String last = "bpfdump: " + Errors.visible(receipt.toString());
        out.print(frame.drawnAfter(before, terminal, Terminal.takesColours(), List.of(last)));
        before = frame;
      }
      for (long left = pause; left > 0; left = next - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
    }
  }
}
