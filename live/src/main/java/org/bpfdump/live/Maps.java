// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.KconfigValues;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.spec.MapContents;
import org.bpfdump.spec.MapSpec;
import org.bpfdump.spec.ProgramSpec;
import org.bpfdump.spec.Relocation;

/** Creates and fills the maps of the programs of one loading. */
final class Maps {
  private static final Path PINS = Path.of("/sys/fs/bpf");

  private static final int ARRAY = 2;
  private static final int PERF_EVENT_ARRAY = 4;
  private static final int RINGBUF = 27;
  private static final int USER_RINGBUF = 31;

  private final LiveKernel kernel;
  private final Bpf bpf;
  private final Loading loading;

  /** A spec is one map, however many programs refer to it. */
  private final IdentityHashMap<MapSpec, Fd> created = new IdentityHashMap<>();

  Maps(LiveKernel kernel, Loading loading) {
    this.kernel = kernel;
    this.bpf = kernel.bpf();
    this.loading = loading;
  }

  /** The descriptor of a map that was created; null when there is none of this spec. */
  Fd of(MapSpec map) {
    return created.get(map);
  }

  /** Creates and fills the maps that a program refers to, as far as they are not there yet. */
  void create(ProgramSpec program, Optional<Fd> btf) {
    for (Relocation relocation : program.relocations()) {
      switch (relocation) {
        case Relocation.MapReference(int _, int map) -> create(program, map, btf);
        case Relocation.MapValue(int _, int map, int _) -> create(program, map, btf);
        case Relocation.Core _,
            Relocation.KsymAddress _,
            Relocation.KsymVariable _,
            Relocation.Kfunc _,
            Relocation.KfuncAddress _ -> {}
      }
    }
  }

  /** The map of this index of a program, created and filled unless it is there. */
  Fd create(ProgramSpec program, int index, Optional<Fd> btf) {
    MapSpec map = program.maps().get(index);
    Fd fd = created.get(map);
    if (fd == null) {
      fd = loading.keep(map.pinned() ? pinned(map, btf) : create(map, btf));
      created.put(map, fd);
      if (map.contents() instanceof MapContents.Slots(List<MapContents.Slot> slots)) {
        for (MapContents.Slot slot : slots) {
          if (slot instanceof MapContents.Slot.OfMap(int key, int held)) {
            set(map, key, create(program, held, btf));
          }
        }
      }
    }
    return fd;
  }

  /**
   * Puts programs into the slots that are to hold them.
   *
   * @return the maps that hold programs
   */
  List<Fd> fillPrograms(ProgramSpec program, Map<String, Fd> programs) {
    List<Fd> filled = new ArrayList<>();
    for (MapSpec map : program.maps()) {
      Fd fd = created.get(map);
      if (fd != null && map.contents() instanceof MapContents.Slots(List<MapContents.Slot> slots)) {
        for (MapContents.Slot slot : slots) {
          if (slot instanceof MapContents.Slot.OfProgram(int index, String name)) {
            set(map, index, programs.get(name));
            filled.add(fd);
          }
        }
      }
    }
    return filled;
  }

  /** The maps that have one value, which the program can change. */
  List<Held.Single> singles(ProgramSpec program) {
    List<Held.Single> singles = new ArrayList<>();
    for (MapSpec map : program.maps()) {
      Fd fd = created.get(map);
      boolean constant =
          map.contents() instanceof MapContents.Kconfig
              || (map.contents() instanceof MapContents.Data data && data.frozen());
      if (fd != null && map.type() == ARRAY && map.maxEntries() == 1 && !constant) {
        singles.add(new Held.Single(map.name(), fd, map.valueSize()));
      }
    }
    return singles;
  }

  private void set(MapSpec map, int index, Fd value) {
    int result = bpf.mapUpdate(created.get(map).number(), bytes(index), bytes(value.number()));
    Bpf.check(result, "fill slot " + index + " of map " + map.name());
  }

  private static byte[] bytes(int value) {
    return ByteBuffer.allocate(4).order(ByteOrder.nativeOrder()).putInt(value).array();
  }

  private Fd create(MapSpec map, Optional<Fd> btf) {
    Fd inner = map.inner().isPresent() ? create(map.inner().get(), btf) : null;
    try {
      Fd fd = bpf.own(create(map, btf, inner), "create map " + map.name());
      try {
        fill(map, fd);
        return fd;
      } catch (RuntimeException e) {
        fd.close();
        throw e;
      }
    } finally {
      if (inner != null) {
        inner.close(); // it was only the pattern
      }
    }
  }

  private int create(MapSpec map, Optional<Fd> btf, Fd inner) {
    boolean typed = btf.isPresent() && (map.keyType() != 0 || map.valueType() != 0);
    int result = bpf.mapCreate(attributes(map, typed ? btf.get() : null, inner));
    if (typed && result < 0 && result != -Errno.EPERM) {
      // Map types and kernels differ in whether they take types for keys and values.
      int untyped = bpf.mapCreate(attributes(map, null, inner));
      return untyped >= 0 ? untyped : result;
    }
    return result;
  }

  private static Bpf.MapAttributes attributes(MapSpec map, Fd btf, Fd inner) {
    return new Bpf.MapAttributes(
        map.name(),
        map.type(),
        map.keySize(),
        map.valueSize(),
        entries(map),
        map.flags(),
        map.numaNode(),
        map.extra(),
        inner == null ? 0 : inner.number(),
        btf == null ? 0 : btf.number(),
        btf == null ? 0 : map.keyType(),
        btf == null ? 0 : map.valueType());
  }

  private static int entries(MapSpec map) {
    return switch (map.type()) {
      case PERF_EVENT_ARRAY -> map.maxEntries() == 0 ? Machine.possibleCpus() : map.maxEntries();
      case RINGBUF, USER_RINGBUF -> Machine.ringSize(map.maxEntries());
      default -> map.maxEntries();
    };
  }

  private void fill(MapSpec map, Fd fd) {
    switch (map.contents()) {
      case MapContents.Data(byte[] bytes, boolean frozen) -> value(map, fd, bytes, frozen);
      case MapContents.Kconfig config ->
          value(
              map,
              fd,
              KconfigValues.fill(config, ByteOrder.nativeOrder(), LiveConfig.of(kernel.btf())),
              true);
      case MapContents.Empty _, MapContents.Slots _ -> {}
    }
  }

  private void value(MapSpec map, Fd fd, byte[] value, boolean frozen) {
    if (!isZero(value)) {
      Bpf.check(bpf.mapUpdate(fd.number(), bytes(0), value), "fill map " + map.name());
    }
    if (frozen) {
      Bpf.check(bpf.mapFreeze(fd.number()), "freeze map " + map.name());
    }
  }

  private static boolean isZero(byte[] value) {
    for (byte b : value) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  /** The map that is pinned by the name of this one, or a new one pinned so. */
  private Fd pinned(MapSpec map, Optional<Fd> btf) {
    // The kernel takes no dot in the name of a pin.
    String path = PINS.resolve(map.name().replace('.', '_')).toString();
    int found = bpf.get(path);
    if (found >= 0) {
      Fd fd = bpf.own(found, "open the map pinned at " + path);
      try {
        requireSame(map, fd, path);
        return fd;
      } catch (RuntimeException e) {
        fd.close();
        throw e;
      }
    }
    if (found != -Errno.ENOENT) {
      Bpf.check(found, "open the map pinned at " + path);
    }
    if (!Files.isDirectory(PINS)) {
      throw new RequestException(
          "cannot pin map "
              + map.name()
              + ": "
              + PINS
              + " does not exist; mount a bpffs there: mount -t bpf bpf "
              + PINS);
    }
    Fd fd = create(map, btf);
    int result = bpf.pin(fd.number(), path);
    if (result == -Errno.EEXIST) {
      fd.close(); // somebody else was faster: take theirs
      return pinned(map, btf);
    }
    if (result < 0) {
      fd.close();
      Bpf.check(
          result,
          "pin map "
              + map.name()
              + " at "
              + path
              + " (mount a bpffs there: mount -t bpf bpf "
              + PINS
              + ")");
    }
    return fd;
  }

  private void requireSame(MapSpec map, Fd fd, String path) {
    MapInfo info = MapInfo.of(bpf, fd, path);
    if (info.type() != map.type()
        || info.keySize() != map.keySize()
        || info.valueSize() != map.valueSize()
        || info.maxEntries() != entries(map)
        || info.flags() != map.flags()) {
      throw new RequestException(
          "cannot use the map pinned at "
              + path
              + " for map "
              + map.name()
              + ": its type, sizes or flags differ; remove it or rename the map");
    }
  }
}
