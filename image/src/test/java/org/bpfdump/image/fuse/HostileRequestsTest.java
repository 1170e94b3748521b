// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.LongStream;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.TestImages;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Requests that no kernel sends: each one that waits for an answer gets one, and in the end nothing
 * is open. {@code -Dbpfdump.fuzz=N} sets how many, {@code -Dbpfdump.seed=N} which.
 */
@Timeout(300)
class HostileRequestsTest {
  private static final int REQUESTS = Integer.getInteger("bpfdump.fuzz", 20_000);
  private static final long SEED = Long.getLong("bpfdump.seed", 20200408);

  /** The directory of a target. */
  private static final long DIRECTORY = 2;

  private static final int[] OPCODES = {
    Opcode.LOOKUP,
    Opcode.FORGET,
    Opcode.GETATTR,
    Opcode.SETATTR,
    Opcode.UNLINK,
    Opcode.OPEN,
    Opcode.READ,
    Opcode.WRITE,
    Opcode.STATFS,
    Opcode.RELEASE,
    Opcode.SETXATTR,
    Opcode.GETXATTR,
    Opcode.LISTXATTR,
    Opcode.FLUSH,
    Opcode.INIT,
    Opcode.OPENDIR,
    Opcode.READDIR,
    Opcode.RELEASEDIR,
    Opcode.CREATE,
    Opcode.INTERRUPT,
    Opcode.BATCH_FORGET,
    0,
    5,
    44,
    4096,
    -1
  };

  private final ImageKernel kernel = ImageKernel.open(TestImages.file("6.1"));
  private final CountedDumpers dumpers = new CountedDumpers(kernel);

  @AfterEach
  void close() {
    kernel.close();
  }

  /** Serves these requests; the numbers of them are their places in the list. */
  private Requests serve(List<byte[]> requests) {
    Requests connection = new Requests(requests.iterator());
    try (Tree tree = new Tree(kernel.targets(), dumpers)) {
      new Server(tree, connection).run();
      assertThat(dumpers.dumps).hasValue(0);
    }
    assertThat(dumpers.dumpers).hasValue(0);
    assertThat(connection.wrong()).isEmpty();
    assertThat(connection.answered()).containsExactlyInAnyOrderElementsOf(connection.asked());
    return connection;
  }

  @Test
  void everyRequestIsAnsweredAndNothingStaysOpen() {
    System.out.println("requests with -Dbpfdump.seed=" + SEED);
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    List<byte[]> requests = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      requests.add(random(i, random));
    }
    serve(requests);
    assertThat(dumpers.opened).hasPositiveValue();
  }

  private static byte[] random(int unique, RandomGenerator random) {
    int opcode = OPCODES[random.nextInt(OPCODES.length)];
    // Numbers grow as dumpers and descriptors are made: what is there mostly, and what was.
    long node = random.nextInt(4) == 0 ? DIRECTORY : random.nextInt(2 + unique / 20);
    long handle = random.nextInt(2 + unique / 12);
    String name = String.valueOf((char) ('a' + random.nextInt(8)));
    byte[] body =
        switch (opcode) {
          case Opcode.LOOKUP, Opcode.UNLINK -> Requests.body(name);
          case Opcode.FORGET -> Requests.body(random.nextLong());
          case Opcode.BATCH_FORGET -> Requests.body(random.nextInt(), 0, node, random.nextLong());
          case Opcode.CREATE -> Requests.body(1, 0644, 022, 0, name);
          case Opcode.WRITE -> {
            String text = "pe?".charAt(random.nextInt(3)) + "rogram";
            yield Requests.body(handle, 0L, text.length() + 1, 0, 0L, 0, 0, text);
          }
          case Opcode.READ, Opcode.READDIR ->
              Requests.body(handle, (long) random.nextInt(3), random.nextInt(), 0, 0L, 0, 0);
          case Opcode.SETXATTR ->
              Requests.body(3, 0, "user.bpfdump.options", new byte[] {'a', '\n', 'b'});
          case Opcode.GETXATTR -> Requests.body(random.nextInt(50), 0, "user.bpfdump");
          case Opcode.LISTXATTR -> Requests.body(random.nextInt(50), 0);
          default -> Requests.body(handle, random.nextLong(), random.nextLong(), 0L, 0L, 0L, 0L);
        };
    if (opcode == Opcode.OPEN && random.nextInt(8) != 0) {
      body = Requests.body(0, 0);
    }
    switch (random.nextInt(8)) {
      case 0 -> body = Arrays.copyOf(body, random.nextInt(body.length + 1));
      case 1 -> body[random.nextInt(body.length)] = (byte) random.nextInt();
      default -> {}
    }
    byte[] request = Requests.request(opcode, unique, node, body);
    return random.nextInt(200) == 0
        ? Arrays.copyOf(request, random.nextInt(Requests.HEADER))
        : request;
  }

  @Test
  void whatIsTooShortOrUnknownIsRefused() {
    List<byte[]> requests = new ArrayList<>();
    List<Integer> bodiless = List.of(Opcode.GETATTR, Opcode.STATFS, Opcode.OPENDIR);
    for (int opcode : OPCODES) {
      requests.add(Requests.request(opcode, requests.size(), DIRECTORY, new byte[0]));
    }
    Requests connection = serve(requests);
    for (long i : connection.answered()) {
      if (!bodiless.contains(OPCODES[(int) i])) {
        assertThat(connection.error(i)).as("opcode %d", OPCODES[(int) i]).isPositive();
      }
    }
    assertThat(LongStream.of(21, 22, 23, 24, 25))
        .allMatch(i -> connection.error(i) == Refusal.ENOSYS);
  }

  private List<byte[]> written(String content) {
    return new ArrayList<>(
        List.of(
            Requests.request(Opcode.CREATE, 0, DIRECTORY, Requests.body(1, 0644, 022, 0, "new")),
            Requests.request(
                Opcode.WRITE, 1, 0, Requests.body(1L, 0L, content.length(), 0, 0L, 0, 0, content)),
            Requests.request(Opcode.FLUSH, 2, 0, Requests.body(1L, 0L, 0L))));
  }

  @Test
  void theWriterOfWhatIsNoProgramIsTold() {
    assertThat(serve(written("?")).error(2)).isEqualTo(Refusal.EINVAL);
    assertThat(dumpers.opened).hasValue(0);
  }

  @Test
  void aMistakeOfThisProgramIsAnErrorToWhoAsked() {
    Requests connection = serve(written("e"));
    assertThat(connection.error(1)).isZero();
    assertThat(connection.error(2)).isEqualTo(Refusal.EIO);
  }

  @Test
  void aWriteHasItsBytesAndItsPlace() {
    List<byte[]> requests = written("p");
    long far = 1L << 40;
    requests.add(Requests.request(Opcode.WRITE, 3, 0, Requests.body(1L, far, 1, 0, 0L, 0, 0, "p")));
    for (int size : new int[] {Integer.MIN_VALUE, -1, 1 << 30}) {
      requests.add(
          Requests.request(
              Opcode.WRITE, requests.size(), 0, Requests.body(1L, 1L, size, 0, 0L, 0, 0, "p")));
    }
    Requests connection = serve(requests);
    assertThat(connection.error(2)).isZero();
    assertThat(LongStream.rangeClosed(3, 6)).allMatch(i -> connection.error(i) == Refusal.EINVAL);
  }

  @Test
  void noMoreIsWrittenThanThereIsRoomFor() {
    List<byte[]> requests = new ArrayList<>(written("p").subList(0, 1));
    int size = 128 << 10;
    int fit = OpenFile.Writing.MOST / size;
    for (int i = 0; i <= fit; i++) {
      byte[] head = Requests.body(1L, (long) i * size, size, 0, 0L, 0, 0);
      byte[] body = Arrays.copyOf(head, 40 + size);
      requests.add(Requests.request(Opcode.WRITE, requests.size(), 0, body));
    }
    Requests connection = serve(requests);
    assertThat(LongStream.rangeClosed(0, fit)).allMatch(i -> connection.error(i) == 0);
    assertThat(connection.error(fit + 1)).isEqualTo(Refusal.EFBIG);
  }

  @Test
  void aFloodOfForgettingTakesNoDirectoryAway() {
    List<byte[]> requests = new ArrayList<>();
    for (long node = 0; node < 100; node++) {
      for (long times : new long[] {1, -1, Long.MAX_VALUE, Long.MIN_VALUE}) {
        requests.add(Requests.request(Opcode.FORGET, 1, node, Requests.body(times)));
        requests.add(
            Requests.request(Opcode.BATCH_FORGET, 1, 0, Requests.body(1 << 30, 0, node, times)));
      }
    }
    requests.add(Requests.request(Opcode.GETATTR, 2, DIRECTORY, Requests.body(0L, 0L)));
    Requests connection = serve(requests);
    assertThat(connection.answered()).containsExactly(2L);
    assertThat(connection.error(2)).isZero();
  }
}
