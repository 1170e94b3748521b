// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.bpfdump.testkit.NativeSocket.AF_INET6;
import static org.bpfdump.testkit.NativeSocket.SOCK_STREAM;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.bpfdump.kernel.Dump;
import org.bpfdump.live.LiveDump;
import org.bpfdump.testkit.NativeSocket;
import org.bpfdump.testkit.NetworkNamespace;
import org.bpfdump.testkit.RequiresKernel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Every dump of a table that does not change is the same, however it is read and whatever else is
 * going on. The tables are larger than what the kernel gives at once, and quiet ones of a
 * namespace.
 */
@RequiresKernel
class ManyDumpsTest {
  private static final int LARGER_THAN_A_BUFFER = 1 << 16;

  private final List<NativeSocket> sockets = new ArrayList<>();
  private final List<LiveDump> dumps = new ArrayList<>();
  private NetworkNamespace namespace;
  private Example routes;
  private String all;

  @BeforeEach
  void makeRoutes() throws IOException {
    namespace = new NetworkNamespace();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      lines.add("route add unreachable fd40:%x::/64".formatted(i));
    }
    namespace.ip(lines.toArray(String[]::new));
    routes = Example.load("ipv6_route");
    all = namespace.proc("ipv6_route");
    assertThat(all).hasSizeGreaterThan(LARGER_THAN_A_BUFFER).contains("fd400257");
  }

  @AfterEach
  void close() {
    dumps.forEach(LiveDump::close);
    if (routes != null) {
      routes.close();
    }
    sockets.forEach(NativeSocket::close);
    namespace.close();
  }

  private LiveDump open(Example example) {
    LiveDump dump = example.open(namespace);
    dumps.add(dump);
    return dump;
  }

  private static byte[] readBy(Dump dump, int size) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(size);
      for (long n = dump.read(segment); n > 0; n = dump.read(segment)) {
        bytes.writeBytes(segment.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
      }
    }
    dump.receipt().requireComplete();
    return bytes.toByteArray();
  }

  @Test
  void dumpsOfSeveralThreadsAreCompleteAndAlike() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<byte[]>> results = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        LiveDump dump = open(routes);
        int size = 1000 + 997 * i;
        results.add(threads.submit(() -> readBy(dump, size)));
      }
      for (Future<byte[]> result : results) {
        assertThat(result.get()).asString(StandardCharsets.UTF_8).isEqualTo(all);
      }
    }
  }

  @Test
  void severalThreadsMayOpenOneDumper() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4);
        Example tasks = Example.load("task")) {
      List<Future<String>> results = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        results.add(threads.submit(() -> tasks.text()));
      }
      long self = ProcessHandle.current().pid();
      for (Future<String> result : results) {
        assertThat(result.get())
            .startsWith("    tgid      gid\n")
            .contains("%8d %8d\n".formatted(self, self));
      }
    }
  }

  @Test
  void dumpsThatTakeTurnsDoNotDisturbEachOther() {
    for (int i = 0; i < 300; i++) {
      sockets.add(namespace.socket(AF_INET6, SOCK_STREAM, 0).bind("::1", 4000 + i).listen(1));
    }
    // This one keeps in a map where each pass is.
    try (Example tcp6 = Example.load("tcp6");
        Arena arena = Arena.ofConfined()) {
      String proc = namespace.proc("tcp6");
      assertThat(proc.lines()).hasSize(301);
      MemorySegment segment = arena.allocate(5000);
      List<ByteArrayOutputStream> texts = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        open(tcp6);
        texts.add(new ByteArrayOutputStream());
      }
      boolean more = true;
      while (more) {
        more = false;
        for (int i = 0; i < dumps.size(); i++) {
          long n = dumps.get(i).read(segment);
          texts.get(i).writeBytes(segment.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE));
          more |= n > 0;
        }
      }
      assertThat(texts).extracting(t -> t.toString(StandardCharsets.UTF_8)).containsOnly(proc);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void manyDumpsOfManyThreadsAreOpenAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8);
        org.bpfdump.live.NetworkNamespace there =
            org.bpfdump.live.NetworkNamespace.at(namespace.path())) {
      List<Future<LiveDump>> opened = new ArrayList<>();
      for (int i = 0; i < 64; i++) {
        opened.add(threads.submit(() -> routes.dumper().openIn(there)));
      }
      List<Future<byte[]>> read = new ArrayList<>();
      for (Future<LiveDump> each : opened) {
        LiveDump dump = each.get();
        dumps.add(dump);
        dump.stream().skipNBytes(1); // each has begun before any has ended
      }
      assertThat(dumps.stream().map(LiveDump::descriptor)).hasSize(64).doesNotHaveDuplicates();
      for (LiveDump dump : dumps) {
        read.add(threads.submit(() -> readBy(dump, 4096)));
      }
      for (Future<byte[]> each : read) {
        assertThat(all).endsWith(new String(each.get(), StandardCharsets.UTF_8));
      }
      for (LiveDump dump : dumps) {
        assertThat(dump.receipt().complete()).isTrue();
        assertThat(dump.receipt().bytes()).isEqualTo(all.length());
      }
    }
  }

  @Test
  void aStreamGivesAllBytes() throws IOException {
    assertThat(Example.rest(open(routes))).isEqualTo(all);
  }

  @Test
  void linesGiveAllBytes() {
    assertThat(open(routes).lines().toList()).isEqualTo(all.lines().toList());
  }

  @Test
  void readsOfAnySizeGiveAllBytes() {
    for (int size : new int[] {1, 7, 149, 4096, 1 << 20}) {
      assertThat(readBy(open(routes), size)).asString(StandardCharsets.UTF_8).isEqualTo(all);
    }
  }

  @Test
  void waysOfReadingTakeFromTheSameBytes() throws IOException {
    LiveDump dump = open(routes);
    String start;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment segment = arena.allocate(100);
      int n = (int) dump.read(segment);
      start =
          new String(segment.asSlice(0, n).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.UTF_8);
    }
    assertThat(start + Example.rest(dump)).isEqualTo(all);
    assertThat(dump.receipt().bytes()).isEqualTo(all.length());
  }

  @Test
  void anyOrderOfClosingWillDo() throws IOException {
    LiveDump first = open(routes);
    LiveDump second = open(routes);
    LiveDump third = open(routes);
    String start = new String(third.stream().readNBytes(1000), StandardCharsets.UTF_8);
    first.close();
    routes.close();
    assertThat(Example.rest(second)).isEqualTo(all);
    second.close();
    second.close();
    // What the first stream had taken ahead is its own.
    assertThat(all).startsWith(start).endsWith(Example.rest(third));
    assertThat(third.receipt().bytes()).isEqualTo(all.length());
  }
}
