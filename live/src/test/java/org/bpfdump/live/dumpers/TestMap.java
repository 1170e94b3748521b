// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live.dumpers;

import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bpfdump.btf.BtfBuilder;
import org.bpfdump.btf.BtfType;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;
import org.bpfdump.testkit.NativeSocket;

/** A map that this process makes and holds. */
final class TestMap implements AutoCloseable {
  private static final int ARRAY = 2, SK_STORAGE = 24;
  private static final int F_NO_PREALLOC = 1;
  private static final int INFO_SIZE = 8, ID_AT = 4;

  private static final Libc CALLS = new Libc();
  private static final Bpf BPF = new Bpf(CALLS);

  private final Fd fd;

  private TestMap(Fd fd) {
    this.fd = fd;
  }

  /** An array of one number. */
  static TestMap array() {
    return create(ARRAY, 4, 1, 0, 0, 0, 0);
  }

  /** A socket storage map with values of so many bytes. */
  static TestMap socketStorage(int valueSize) {
    // The kernel takes such a map only with types.
    BtfBuilder types = new BtfBuilder(ByteOrder.nativeOrder());
    int number = types.add(new BtfType.Int("int", 4, 0, 32, true, false, false));
    int octet = types.add(new BtfType.Int("octet", 1, 0, 8, false, false, false));
    int value = types.add(new BtfType.Array(octet, number, valueSize));
    try (Fd btf = BPF.own(BPF.btfLoad(types.toBytes(), 0).result(), "load types")) {
      return create(SK_STORAGE, valueSize, 0, F_NO_PREALLOC, btf.number(), number, value);
    }
  }

  private static TestMap create(
      int type, int valueSize, int entries, int flags, int btf, int keyType, int valueType) {
    Bpf.MapAttributes map =
        new Bpf.MapAttributes(
            "by_test", type, 4, valueSize, entries, flags, 0, 0, 0, btf, keyType, valueType);
    return new TestMap(BPF.own(BPF.mapCreate(map), "create a map"));
  }

  /** The kernel's id of it. */
  int id() {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer info = arena.allocate(INFO_SIZE, 8).asByteBuffer().order(ByteOrder.nativeOrder());
      Bpf.check(BPF.info(fd.number(), info), "ask about a map");
      return info.getInt(ID_AT);
    }
  }

  /** The same map, opened once more. */
  TestMap again() {
    return new TestMap(BPF.own(BPF.mapById(id()), "open a map"));
  }

  /** Gives a socket a value. */
  void put(NativeSocket socket, byte[] value) {
    byte[] key = ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(socket.fd()).array();
    Bpf.check(BPF.mapUpdate(fd.number(), key, value), "give a socket a value");
  }

  @Override
  public void close() {
    fd.close();
  }
}
