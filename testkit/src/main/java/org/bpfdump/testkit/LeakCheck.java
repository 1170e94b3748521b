// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Compares, for {@link NoLeaks}, what is there after a test with what was there before it. */
final class LeakCheck implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace STORE =
      ExtensionContext.Namespace.create(LeakCheck.class);
  private static final long PATIENCE_NANOS = 2_000_000_000L;

  private record Before(Map<Integer, String> descriptors, BpfObjects objects) {}

  @Override
  public void beforeEach(ExtensionContext context) {
    context
        .getStore(STORE)
        .put(Before.class, new Before(Descriptors.ofThisProcess(), BpfObjects.list()));
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    Before before = context.getStore(STORE).remove(Before.class, Before.class);
    if (before == null) {
      return; // another extension refused the test before our turn
    }
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    List<String> leaks = leaks(before);
    for (long sleep = 1; !leaks.isEmpty() && System.nanoTime() < deadline; sleep *= 2) {
      Thread.sleep(Math.min(sleep, 100));
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
      leaks.add(now.byId().get(id));
    }
    return leaks;
  }
}
