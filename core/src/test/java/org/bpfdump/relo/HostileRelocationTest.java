// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.relo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.bpfdump.relo.Graph.bits;
import static org.bpfdump.relo.Graph.member;
import static org.bpfdump.relo.Graph.value;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;
import org.bpfdump.btf.BtfType;
import org.bpfdump.error.BpfdumpException;
import org.bpfdump.error.MalformedException;
import org.bpfdump.error.RelocationException;
import org.bpfdump.testkit.KernelBtf;
import org.junit.jupiter.api.Test;

/** Types, paths and programs that nobody's compiler made: a documented exception, and soon. */
class HostileRelocationTest {
  private static final Duration SOON = Duration.ofSeconds(1);
  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);

  /** How many pairs of types; {@code -Dbpfdump.fuzz=200000} for a long run. */
  private static final int INPUTS = Integer.getInteger("bpfdump.fuzz", 2000);

  private final Pair pair = new Pair();

  private void refusedSoon(CoreRelocation.Kind kind, int type, String access, String why) {
    CoreRelocator relocator = pair.relocator();
    long[] slots = {0xb7, 0};
    long start = cpuTime();
    assertThatThrownBy(() -> relocator.apply("p", slots, 0, new CoreRelocation(kind, type, access)))
        .isInstanceOf(RelocationException.class)
        .hasMessageContaining(why);
    assertThat(Duration.ofNanos(cpuTime() - start)).isLessThan(SOON);
  }

  /** Of this thread, since a busy machine is not a slow relocation. */
  private static long cpuTime() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static int explode(Graph graph, int leaf) {
    int at = leaf;
    for (int depth = 0; depth < 20; depth++) {
      BtfType.Member[] members = new BtfType.Member[300];
      Arrays.fill(members, member("", at, 0));
      at = graph.struct(depth == 19 ? "s" : "", 4, members);
    }
    return at;
  }

  @Test
  void structsThatHoldThemselvesThreeHundredTimesOver() {
    int type = pair.local.struct("s", 4, member("a", pair.local.intType, 0));
    explode(pair.kernel, pair.kernel.struct("", 4, member("b", pair.kernel.intType, 0)));
    refusedSoon(CoreRelocation.Kind.FIELD_BYTE_OFFSET, type, "0:0", "nest too often");
  }

  @Test
  void structsThatHoldThemselvesForEver() {
    int type = pair.local.struct("s", 4, member("a", pair.local.intType, 0));
    int self = pair.kernel.builder.size();
    pair.kernel.struct("s", 4, member("", self, 0));
    refusedSoon(CoreRelocation.Kind.FIELD_BYTE_OFFSET, type, "0:0", "deeper than 64");
  }

  @Test
  void matchingOfWhatIsTheSameManyTimesOver() {
    int type = explode(pair.local, pair.local.struct("", 4, member("a", pair.local.intType, 0)));
    explode(pair.kernel, pair.kernel.struct("", 4, member("b", pair.kernel.intType, 0)));
    refusedSoon(CoreRelocation.Kind.TYPE_MATCHES, type, "0", "nest too often");
  }

  @Test
  void prototypesOfPrototypes() {
    int ours = nestedPrototypes(pair.local, 0);
    int theirs = nestedPrototypes(pair.kernel, pair.kernel.struct("s", 4));
    int type = pair.local.typedef("t", ours);
    pair.kernel.typedef("t", theirs);
    refusedSoon(CoreRelocation.Kind.TYPE_MATCHES, type, "0", "nest too often");
    refusedSoon(CoreRelocation.Kind.TYPE_EXISTS, type, "0", "nest too often");
  }

  private static int nestedPrototypes(Graph graph, int last) {
    int at = graph.pointer(0);
    int[] parameters = new int[20];
    for (int depth = 0; depth < 12; depth++) {
      Arrays.fill(parameters, at);
      at = graph.pointer(graph.prototype(depth == 11 ? last : 0, parameters));
    }
    return at;
  }

  @Test
  void chainsWithoutEnd() {
    int typedef = pair.local.builder.size();
    pair.local.typedef("t", typedef);
    int array = pair.local.builder.size();
    pair.local.array(array, 1);
    int holder = pair.local.struct("s", 4, member("a", array, 0));
    int pointer = pair.local.builder.size();
    pair.local.pointer(pointer);
    int named = pair.local.typedef("p", pointer);
    int theirArray = pair.kernel.builder.size();
    pair.kernel.array(theirArray, 1);
    pair.kernel.struct("s", 4, member("a", theirArray, 0));
    int theirPointer = pair.kernel.builder.size();
    pair.kernel.pointer(theirPointer);
    pair.kernel.typedef("p", theirPointer);
    pair.kernel.typedef("t", pair.kernel.intType);
    refusedSoon(CoreRelocation.Kind.TYPE_EXISTS, typedef, "0", "without end");
    refusedSoon(CoreRelocation.Kind.FIELD_BYTE_OFFSET, holder, "0:0", "without end");
    refusedSoon(CoreRelocation.Kind.FIELD_EXISTS, holder, "0:0", "deeper than 64");
    refusedSoon(CoreRelocation.Kind.TYPE_EXISTS, named, "0", "deeper than 32");
    refusedSoon(CoreRelocation.Kind.TYPE_MATCHES, named, "0", "deeper than 32");
  }

  @Test
  void enumsOfManyNames() {
    int count = 60_000;
    BtfType.Enumerator[] ours = new BtfType.Enumerator[count];
    BtfType.Enumerator[] theirs = new BtfType.Enumerator[count];
    for (int i = 0; i < count; i++) {
      ours[i] = value("n" + (i + 1), i);
      theirs[i] = value("n" + (count - i), i);
    }
    int type = pair.local.enumeration("e", false, ours);
    pair.kernel.enumeration("e", false, theirs);
    refusedSoon(CoreRelocation.Kind.TYPE_MATCHES, type, "0", "nest too often");
  }

  @Test
  void elementsFarAway() {
    int huge = pair.local.struct("s", -1, member("a", pair.local.array(pair.local.intType, -1), 0));
    pair.kernel.struct("s", -1, member("a", pair.kernel.array(pair.kernel.intType, 3), 0));
    refusedSoon(CoreRelocation.Kind.FIELD_BYTE_OFFSET, huge, "2147483647", "512 MiB");
    refusedSoon(CoreRelocation.Kind.FIELD_BYTE_OFFSET, huge, "0:0:2147483647", "512 MiB");
    refusedSoon(CoreRelocation.Kind.FIELD_BYTE_SIZE, huge, "0:0", "larger than 4 GiB");
  }

  @Test
  void manyRelocationsOfOneProgramAreNotHeldBack() {
    // What TYPE_MATCHES of a real task_struct costs, times the relocations of a large program.
    Btf kernel = Btf.parse(KernelBtf.bytes("7.3"));
    CoreRelocator relocator = new CoreRelocator(kernel, kernel, List::of);
    int task = kernel.findId("task_struct", BtfType.Struct.class);
    for (int i = 0; i < 20; i++) {
      long[] slots = {0xb7L | 1L << 32};
      assertThat(
              relocator.apply(
                  "p", slots, 0, new CoreRelocation(CoreRelocation.Kind.TYPE_MATCHES, task, "0")))
          .isTrue();
      assertThat(Code.immediate(slots[0])).isEqualTo(1);
    }
  }

  @Test
  void randomChangesToTypesAndPaths() {
    Graph ours = sample();
    byte[] local = ours.builder.toBytes();
    byte[] kernel = sample().builder.toBytes();
    fuzz(local, new byte[][] {kernel}, null);
  }

  @Test
  void randomChangesToTypesThatARealKernelHas() {
    Btf kernel = Btf.parse(KernelBtf.bytes("5.10"));
    Graph graph = new Graph();
    int path = graph.struct("path", 16, member("dentry", graph.pointer(0), 64));
    graph.struct("file", 64, member("f_path", path, 64), member("f_flags", graph.uintType, 256));
    graph.struct(
        "task_struct",
        96,
        member("pid", graph.intType, 0),
        member("comm", graph.array(graph.charType, 16), 32),
        bits("in_execve", graph.uintType, 160, 1),
        member("real_parent", graph.pointer(graph.builder.size() + 1), 192));
    graph.enumeration("pid_type", false, value("PIDTYPE_PID", 0), value("PIDTYPE_TGID", 1));
    graph.typedef("pid_t", graph.intType);
    fuzz(graph.builder.toBytes(), new byte[0][], kernel);
  }

  private static void fuzz(byte[] local, byte[][] kernels, Btf fixed) {
    System.out.println("spoiling types with -Dbpfdump.seed=" + SEED);
    Random random = new Random(SEED);
    CoreRelocation.Kind[] kinds = CoreRelocation.Kind.values();
    int applied = 0;
    long slowest = 0;
    for (int input = 0; input < INPUTS; input++) {
      long start = cpuTime();
      try {
        Btf ours = Btf.parse(changed(local, random));
        Btf theirs = fixed != null ? fixed : Btf.parse(changed(kernels[0], random));
        CoreRelocator relocator = new CoreRelocator(ours, theirs, List::of);
        for (int i = 0; i < 20; i++) {
          CoreRelocation relocation =
              new CoreRelocation(
                  kinds[random.nextInt(kinds.length)],
                  random.nextInt(20) == 0 ? random.nextInt() : random.nextInt(ours.size()),
                  access(random));
          applied += apply(relocator, relocation, random) ? 1 : 0;
        }
      } catch (MalformedException expected) {
        // the parser found it out
      } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
        throw new AssertionError("seed " + SEED + ", input " + input, e);
      }
      slowest = Math.max(slowest, cpuTime() - start);
    }
    assertThat(applied).as("the changes leave something to relocate").isGreaterThan(INPUTS / 10);
    assertThat(Duration.ofNanos(slowest)).as("slowest input, seed " + SEED).isLessThan(SOON);
  }

  private static boolean apply(CoreRelocator relocator, CoreRelocation relocation, Random random) {
    int[] opcodes = {0xb7, 0xb4, 0x07, 0x18, 0x61, 0x79, 0x7b, 0x85, random.nextInt(256)};
    long[] slots = {
      Code.slot(opcodes[random.nextInt(opcodes.length)], 1, 0, 0, random.nextInt(3)), 0
    };
    try {
      assertThat(relocator.describe(relocation)).isNotEmpty();
      return relocator.apply("p", slots, random.nextInt(20) == 0 ? 1 : 0, relocation);
    } catch (RelocationException expected) {
      assertThat(expected).hasMessageStartingWith("cannot relocate slot ");
      return false;
    } catch (BpfdumpException e) {
      throw new AssertionError("not documented", e);
    }
  }

  private static String access(Random random) {
    StringBuilder text = new StringBuilder("0");
    int steps = random.nextInt(4);
    for (int i = 0; i < steps; i++) {
      text.append(':').append(random.nextInt(random.nextInt(10) == 0 ? 1 << 30 : 4));
    }
    if (random.nextInt(20) == 0) {
      text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(128));
    }
    return text.toString();
  }

  private static byte[] changed(byte[] bytes, Random random) {
    byte[] copy = bytes.clone();
    int changes = random.nextInt(6);
    for (int i = 0; i < changes; i++) {
      // Past the header: what the parser refuses at once teaches nothing here.
      int at = 24 + random.nextInt(copy.length - 24);
      copy[at] =
          switch (random.nextInt(3)) {
            case 0 -> (byte) random.nextInt(256);
            case 1 -> (byte) (copy[at] + random.nextInt(3) - 1);
            default -> copy[24 + random.nextInt(copy.length - 24)];
          };
    }
    return copy;
  }

  /** A bit of everything, under names of one letter, so that changes hit one another. */
  private static Graph sample() {
    Graph graph = new Graph();
    int in = graph.struct("i", 8, member("a", graph.intType, 0), member("b", graph.charType, 32));
    int anonymous = graph.union("", 8, member("c", in, 0), member("d", graph.longType, 0));
    graph.struct(
        "s",
        64,
        member("a", graph.uintType, 0),
        member("", anonymous, 64),
        bits("b", graph.uintType, 128, 3),
        bits("e", graph.intType, 131, 7),
        member("f", graph.array(in, 3), 160),
        member("g", graph.array(graph.charType, 0), 400));
    graph.union("u", 8, member("a", graph.pointer(in), 0));
    graph.enumeration("e", true, value("A", -1), value("B", 2));
    graph.enumeration64("f", false, value("A", 1L << 40));
    graph.typedef("t", graph.add(new BtfType.Const(in)));
    graph.typedef("p", graph.pointer(graph.prototype(graph.intType, graph.pointer(in), in)));
    graph.add(new BtfType.Fwd("w", false));
    graph.add(new BtfType.Func("m", graph.prototype(0), BtfType.Linkage.GLOBAL));
    graph.add(new BtfType.Float("d", 8));
    return graph;
  }
}
