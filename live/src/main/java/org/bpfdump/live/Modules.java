// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.MalformedException;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Fd;

/**
 * The BTF of the kernel's modules, fetched when something is not found in the kernel's own.
 * Sources: {@code struct bpf_btf_info} in {@code include/uapi/linux/bpf.h}, {@code
 * /sys/kernel/btf}.
 */
final class Modules implements AutoCloseable {
  private static final Path DIRECTORY = Path.of("/sys/kernel/btf");
  private static final int INFO_SIZE = 32;
  private static final int NAME_SIZE = 64;

  /** No module's types come near this; what claims more is not fetched. */
  private static final int MAX_BTF = 64 << 20;

  private final Bpf bpf;
  private final Btf kernel;

  private List<Module> loaded;

  Modules(Bpf bpf, Btf kernel) {
    this.bpf = bpf;
    this.kernel = kernel;
  }

  /**
   * A module's types.
   *
   * @param fd the BTF object, for programs to refer to; null when it was read from a file
   */
  record Module(String name, Btf btf, Fd fd) {}

  /** All modules that have BTF, with descriptors. Needs CAP_SYS_ADMIN; empty without. */
  synchronized List<Module> loaded() {
    if (loaded == null) {
      List<Module> found = new ArrayList<>();
      loaded = found;
      int id = 0;
      while ((id = bpf.nextBtf(id)) > 0) {
        int fd = bpf.btfById(id);
        if (fd < 0) {
          continue; // unloaded meanwhile
        }
        Fd owned = bpf.own(fd, "open BTF " + id);
        Module module = module(owned);
        if (module == null) {
          owned.close();
        } else {
          found.add(module);
        }
      }
    }
    return loaded;
  }

  /** The types of all modules that have any. Needs CAP_SYS_ADMIN; empty without. */
  List<Btf> types() {
    List<Btf> types = new ArrayList<>();
    for (Module module : loaded()) {
      types.add(module.btf());
    }
    return types;
  }

  /** All modules whose BTF is a file that this process may read. Needs no privilege. */
  List<Module> readable() {
    List<Module> modules = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(DIRECTORY)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        if (!name.equals("vmlinux") && Files.isReadable(file)) {
          modules.add(new Module(name, Btf.parse(Files.readAllBytes(file), kernel), null));
        }
      }
    } catch (IOException _) {
      return modules; // a module that went away while it was read has no targets any more
    }
    return modules;
  }

  /** The module of a BTF object, or null when that is the kernel itself or a program's. */
  private Module module(Fd fd) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = arena.allocate(INFO_SIZE, 8);
      MemorySegment name = arena.allocate(NAME_SIZE);
      ByteBuffer fields = info.asByteBuffer().order(ByteOrder.nativeOrder());
      fields.putLong(16, name.address()).putInt(24, NAME_SIZE);
      if (bpf.info(fd.number(), info.asByteBuffer()) < 0 || fields.getInt(28) == 0) {
        return null;
      }
      String text = text(name);
      int size = fields.getInt(8);
      if (text.equals("vmlinux") || size <= 0 || size > MAX_BTF) {
        return null;
      }
      MemorySegment data = arena.allocate(size, 8);
      info.fill((byte) 0);
      fields.putLong(0, data.address()).putInt(8, size);
      int result = bpf.info(fd.number(), info.asByteBuffer());
      if (result < 0) {
        return null;
      }
      byte[] bytes = new byte[size];
      data.asByteBuffer().get(bytes);
      return new Module(text, Btf.parse(bytes, kernel), fd);
    } catch (MalformedException e) {
      // A module built for another kernel: the kernel keeps its BTF, but nothing can refer to it.
      return null;
    }
  }

  private static String text(MemorySegment name) {
    byte[] bytes = new byte[NAME_SIZE];
    name.asByteBuffer().get(bytes);
    int end = 0;
    while (end < NAME_SIZE && bytes[end] != 0) {
      end++;
    }
    return new String(bytes, 0, end, StandardCharsets.UTF_8);
  }

  @Override
  public synchronized void close() {
    if (loaded != null) {
      for (Module module : loaded) {
        module.fd().close();
      }
      loaded = null;
    }
  }
}
