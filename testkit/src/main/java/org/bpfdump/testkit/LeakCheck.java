// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Compares, for {@link NoLeaks}, what is there after a test with what was there before it. The
 * lists of BPF objects are the whole system's, so tests of other checkouts wait while this one
 * runs.
 */
final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(LeakCheck.class);

  /** A kernel frees what programs used some time after them, on a busy machine seconds. */
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private record Before(
      Optional<FileChannel> turn, Map<Integer, String> descriptors, BpfObjects objects) {}

  @Override
  public void beforeEach(ExtensionContext context) {
    context
        .getStore(STORE)
        .put(Before.class, new Before(takeTurn(), Descriptors.ofThisProcess(), BpfObjects.list()));
  }

  /**
   * Waits for the turn of this process, which ends with the channel; empty where it cannot wait.
   */
  private static Optional<FileChannel> takeTurn() {
    Path file = Path.of(System.getProperty("java.io.tmpdir"), "bpfdump-tests.lock");
    FileChannel channel;
    try {
      channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    } catch (IOException e) {
      return Optional.empty(); // another user's
    }
    try {
      channel.lock();
    } catch (IOException | OverlappingFileLockException e) {
      // no locks on this file system, or a test that runs tests has the turn already
    }
    return Optional.of(channel);
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException, IOException {
    Before before = context.getStore(STORE).remove(Before.class, Before.class);
    if (before == null) {
      return; // another extension refused the test before our turn
    }
    try {
      requireNoLeaks(before);
    } finally {
      if (before.turn().isPresent()) {
        before.turn().get().close();
      }
    }
  }

  private static void requireNoLeaks(Before before) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    List<String> leaks = leaks(before);
    for (int sleep = 1; !leaks.isEmpty() && System.nanoTime() < deadline; ) {
      Thread.sleep(sleep);
      sleep = Math.min(sleep * 2, 100);
      leaks = leaks(before);
    }
    if (!leaks.isEmpty()) {
      throw new AssertionError("left behind by this test: " + String.join("; ", leaks));
    }
  }

  private static List<String> leaks(Before before) {
    List<String> leaks = new ArrayList<>();
    for (var fd : Descriptors.ofThisProcess().entrySet()) {
      if (!fd.getValue().equals(before.descriptors().get(fd.getKey()))) {
        leaks.add("fd " + fd.getKey() + " " + fd.getValue());
      }
    }
    BpfObjects now = BpfObjects.list();
    TreeSet<String> created = new TreeSet<>(now.byId().keySet());
    created.removeAll(before.objects().byId().keySet());
    if (!created.isEmpty()) {
      created.removeAll(now.withWhatTheyUse(Descriptors.bpfObjectsOfOtherProcesses()));
    }
    for (String id : created) {
      String object = now.byId().get(id);
      if (!lostByTheKernel(object)) {
        leaks.add(object);
      }
    }
    return leaks;
  }

  /**
   * Whether this is a map of programs, which the kernel itself may lose: it takes a reference for
   * emptying the map each time the last descriptor goes, and gives back one of them when that
   * happens again before the map is empty. Listing maps, as this check does, is enough (seen on
   * 6.18: {@code prog_array_map_clear} in {@code kernel/bpf/arraymap.c}). A descriptor of such a
   * map that is left open is still found, as a descriptor.
   */
  private static boolean lostByTheKernel(String object) {
    return object.startsWith("map ") && object.contains(": prog_array ");
  }
}
