// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.bpfdump.error.RequestException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.spec.ProgramSpec;

/**
 * Makes a parameter the bytes that the kernel takes. Source: {@code union bpf_iter_link_info} and
 * {@code enum bpf_cgroup_iter_order} in {@code include/uapi/linux/bpf.h}.
 */
final class LinkInfo {
  private static final int SIZE = 16;
  private static final String LIST = ": `bpftool map` lists those that there are";

  private final Bpf bpf;
  private final Loading loading;

  /** Map descriptors opened here are the loading's, and so last until the link holds the map. */
  LinkInfo(Bpf bpf, Loading loading) {
    this.bpf = bpf;
    this.loading = loading;
  }

  /** The bytes of a parameter, none for {@link Parameter.None}. */
  byte[] of(ProgramSpec program, Parameter parameter) {
    return switch (parameter) {
      case Parameter.None _ -> new byte[0];
      case Parameter.Tid(int tid) -> bytes().putInt(0, tid).array();
      case Parameter.Pid(int pid) -> bytes().putInt(4, pid).array();
      case Parameter.PidFd(int fd) -> bytes().putInt(8, fd).array();
      case Parameter.MapId(int id) -> map(bpf.mapById(id), "no map has id " + id);
      case Parameter.MapName(String name) -> named(program, name);
      case Parameter.MapPath(Path path) ->
          map(bpf.get(path.toString()), "no map is pinned at " + path);
      case Parameter.CgroupId(long id, Parameter.Order order) -> cgroup(id, order);
      case Parameter.CgroupPath(Path path, Parameter.Order order) -> cgroup(id(path), order);
    };
  }

  private static ByteBuffer bytes() {
    return ByteBuffer.allocate(SIZE).order(ByteOrder.nativeOrder());
  }

  /** The map that a command opened, or else was said to be missing. */
  private byte[] map(int result, String missing) {
    if (result == -Errno.ENOENT) {
      throw new RequestException(missing + LIST);
    }
    Fd map = loading.keep(bpf.own(result, "open the map"));
    return bytes().putInt(0, map.number()).array();
  }

  /** One of the program's own maps, else the one map of the system that has this name. */
  private byte[] named(ProgramSpec program, String name) {
    for (int i = 0; i < program.maps().size(); i++) {
      if (program.maps().get(i).name().equals(name)) {
        return bytes().putInt(0, loading.map(program, i).number()).array();
      }
    }
    Fd found = null;
    int foundId = 0;
    int id = 0;
    while ((id = bpf.nextMap(id)) > 0) {
      int result = bpf.mapById(id);
      if (result == -Errno.ENOENT) {
        continue; // gone meanwhile
      }
      Fd map = loading.keep(bpf.own(result, "open map " + id));
      if (MapInfo.of(bpf, map, "of id " + id).name().equals(name)) {
        if (found != null) {
          throw new RequestException(
              "several maps are named "
                  + name
                  + ": "
                  + foundId
                  + " and "
                  + id
                  + " among them; name one by its id");
        }
        found = map;
        foundId = id;
      }
    }
    if (found == null) {
      if (id != -Errno.ENOENT) {
        Bpf.check(id, "look for map " + name);
      }
      throw new RequestException("no map is named " + name + LIST);
    }
    return bytes().putInt(0, found.number()).array();
  }

  private static byte[] cgroup(long id, Parameter.Order order) {
    int number =
        switch (order) {
          case SELF_ONLY -> 1;
          case DESCENDANTS_PRE -> 2;
          case DESCENDANTS_POST -> 3;
          case ANCESTORS_UP -> 4;
          case CHILDREN -> 5;
        };
    return bytes().putInt(0, number).putLong(8, id).array();
  }

  /** A cgroup's id, which is the inode number of its directory. */
  private static long id(Path path) {
    try {
      if (!Files.getFileStore(path).type().equals("cgroup2")) {
        throw new RequestException(
            path + " is no cgroup of the unified hierarchy (cgroup2): name a directory there");
      }
      return (Long) Files.getAttribute(path, "unix:ino");
    } catch (IOException e) {
      throw new RequestException(
          "cannot read cgroup " + path + ": " + (Files.exists(path) ? e : "no such directory"));
    }
  }
}
