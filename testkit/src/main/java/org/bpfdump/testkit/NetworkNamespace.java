// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * A network namespace of its own, with the loopback device up. It is that of one thread of this
 * process and has no name, so that it goes with the thread, however that ends.
 */
public final class NetworkNamespace implements AutoCloseable {
  private static final int CLONE_NEWNET = 0x40000000;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(5);
  private static final Path THREAD = Path.of("/proc/thread-self");

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("netns").factory());
  private final String path;

  /** Makes one, as root. */
  public NetworkNamespace() {
    try {
      Path task =
          inside(() -> {
            NativeCall.call("unshare", CLONE_NEWNET);
            return Files.readSymbolicLink(THREAD);
          });
      path = "/proc/" + task + "/ns/net";
      run("ip", "link", "set", "lo", "up");
    } catch (RuntimeException | Error e) {
      thread.close();
      throw e;
    }
  }

  /** Where it is found: {@code /proc/PID/task/TID/ns/net}. */
  public Path path() {
    return Path.of(path);
  }

  /** The id of the thread that is in it. */
  public int tid() {
    return Integer.parseInt(path().getParent().getParent().getFileName().toString());
  }

  /** Does something in the namespace. What is opened there stays of it wherever it is used. */
  public <T> T inside(Callable<T> work) {
    try {
      return thread.submit(work).get();
    } catch (ExecutionException e) {
      throw new AssertionError("in the network namespace: " + e.getCause(), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Runs a program in the namespace, which must succeed. */
  public Exec.Result run(String... command) {
    return Exec.of(command(command)).run().ok();
  }

  /** Has {@code ip} do what these lines say, each without its first word. */
  public void ip(String... lines) {
    Exec.of(command("ip", "-batch", "-"))
        .input(String.join("\n", lines).getBytes(java.nio.charset.StandardCharsets.UTF_8))
        .run()
        .ok();
  }

  /**
   * Waits until these IPv6 addresses, which devices that are up already have, are reached. The
   * kernel makes their routes later, in its own time; who connects before is told that there is no
   * way, for good, and who compares routes finds one more at any moment.
   */
  public void awaitRoutesTo(String... addresses) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    for (String address : addresses) {
      while (run("ip", "-6", "route", "show", "table", "local", address).out().isEmpty()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("no route to " + address + " after " + PATIENCE);
        }
        LockSupport.parkNanos(POLL.toNanos());
      }
    }
  }

  // Not by the namespace's own thread: Java starts threads to look after a process.
  private List<String> command(String... command) {
    List<String> words = new ArrayList<>(List.of("nsenter", "--net=" + path, "--"));
    words.addAll(List.of(command));
    return words;
  }

  /** A socket of the namespace. */
  public NativeSocket socket(int family, int type, int protocol) {
    return inside(() -> NativeSocket.open(family, type, protocol));
  }

  /** A file of {@code /proc/net}, as the namespace has it. */
  public String proc(String file) throws IOException {
    return inside(() -> Files.readString(THREAD.resolve("net").resolve(file)));
  }

  @Override
  public void close() {
    thread.close();
  }
}
