// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;

/**
 * What the kernel says of pinned links. Sources: {@code struct bpf_link_info} and {@code struct
 * bpf_prog_info} in {@code include/uapi/linux/bpf.h}.
 */
final class Pins {
  private static final int LINK_SIZE = 64;
  private static final int TYPE_ITER = 4;
  private static final int NAME_SIZE = 128;
  private static final int PROGRAM_SIZE = 80;
  private static final int PROGRAM_NAME_AT = 64;

  private final LiveKernel kernel;
  private final Path root;
  private List<Target> targets;
  private Instant bootTime;

  /**
   * @param root of the tree whose dumpers have short names
   */
  Pins(LiveKernel kernel, Path root) {
    this.kernel = kernel;
    this.root = root;
  }

  /** The link pinned at a path, for the caller to close; empty when another thing is there. */
  Optional<Fd> link(Path file) {
    int result = kernel.bpf().get(file.toString());
    Fd fd = kernel.bpf().own(result, "open what is pinned at " + file);
    try {
      // Maps and programs can be pinned too; "anon_inode:bpf_link" is how a link is named.
      Path what = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd.number()));
      if (what.toString().contains("link")) {
        Fd link = fd;
        fd = null;
        return Optional.of(link);
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } finally {
      if (fd != null) {
        fd.close();
      }
    }
  }

  /** The id of a link. */
  int linkId(Fd link) {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer info = buffer(arena, 8);
      Bpf.check(kernel.bpf().info(link.number(), info), "ask the kernel about a link");
      return info.getInt(4);
    }
  }

  /** What of its target a link walks. */
  Parameter parameter(Fd link, Target target) {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer info = buffer(arena, LINK_SIZE);
      Bpf.check(kernel.bpf().info(link.number(), info), "ask the kernel about a link");
      return parameter(target, info);
    }
  }

  /**
   * The dumper pinned at a path; empty when another thing is there, or nothing any more.
   *
   * @throws org.bpfdump.error.SyscallException when it may not be asked
   */
  Optional<PinnedDumper> dumper(Path file) {
    try {
      Optional<Fd> link = link(file);
      if (link.isEmpty()) {
        return Optional.empty();
      }
      try (Fd fd = link.get()) {
        return dumper(file, fd);
      }
    } catch (org.bpfdump.error.SyscallException e) {
      if (e.errno() == Errno.EACCES || e.errno() == Errno.EPERM) {
        throw e;
      }
      return Optional
          .empty(); // removed meanwhile; or one of the kernel's own that cannot be opened
    }
  }

  private Optional<PinnedDumper> dumper(Path file, Fd link) {
    try (Arena arena = Arena.ofConfined()) {
      ByteBuffer info = buffer(arena, LINK_SIZE);
      MemorySegment name = arena.allocate(NAME_SIZE);
      Bpf bpf = kernel.bpf();
      Bpf.check(bpf.info(link.number(), info), "ask the kernel about a link");
      if (info.getInt(0) != TYPE_ITER) {
        return Optional.empty();
      }
      info.putLong(16, name.address()).putInt(24, NAME_SIZE);
      Bpf.check(bpf.info(link.number(), info), "ask the kernel about a link");
      String target = name.getString(0);
      Map<String, Object> attributes =
          Files.readAttributes(file, "unix:mode,owner,group", LinkOption.NOFOLLOW_LINKS);
      Optional<Target> known = known(target);
      return Optional.of(
          new PinnedDumper(
              file,
              file.startsWith(root) ? root.relativize(file).toString() : file.toString(),
              known.isPresent() ? known.get().path() : target,
              info.getInt(4),
              info.getInt(8),
              program(arena, info.getInt(8)),
              known.isPresent() ? parameter(known.get(), info) : new Parameter.None(),
              (int) attributes.get("mode") & 07777,
              attributes.get("owner").toString(),
              attributes.get("group").toString()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new org.bpfdump.error.RequestException("cannot look at " + file + ": " + e);
    }
  }

  private Optional<Target> known(String name) {
    if (targets == null) {
      targets = kernel.targets();
    }
    for (Target target : targets) {
      if (target.name().equals(name)) {
        return Optional.of(target);
      }
    }
    return Optional.empty();
  }

  private static Parameter parameter(Target target, ByteBuffer info) {
    Set<Parameter.Kind> kinds = target.parameters();
    if (kinds.contains(Parameter.Kind.MAP)) {
      return new Parameter.MapId(info.getInt(28));
    }
    if (kinds.contains(Parameter.Kind.TASK)) {
      int tid = info.getInt(32);
      int pid = info.getInt(36);
      return tid != 0
          ? new Parameter.Tid(tid)
          : pid != 0 ? new Parameter.Pid(pid) : new Parameter.None();
    }
    if (kinds.contains(Parameter.Kind.CGROUP)) {
      return switch (info.getInt(40)) {
        case 1 -> new Parameter.CgroupId(info.getLong(32), Parameter.Order.SELF_ONLY);
        case 3 -> new Parameter.CgroupId(info.getLong(32), Parameter.Order.DESCENDANTS_POST);
        case 4 -> new Parameter.CgroupId(info.getLong(32), Parameter.Order.ANCESTORS_UP);
        case 5 -> new Parameter.CgroupId(info.getLong(32), Parameter.Order.CHILDREN);
        default -> new Parameter.CgroupId(info.getLong(32), Parameter.Order.DESCENDANTS_PRE);
      };
    }
    return new Parameter.None();
  }

  private Optional<PinnedDumper.Program> program(Arena arena, int id) {
    int result = kernel.bpf().programById(id);
    if (result < 0) {
      return Optional.empty();
    }
    ByteBuffer info = buffer(arena, PROGRAM_SIZE);
    Optional<String> query;
    try (Fd fd = kernel.bpf().own(result, "open program " + id)) {
      Bpf.check(kernel.bpf().info(fd.number(), info), "ask the kernel about program " + id);
      query = ProgramQuery.of(kernel.bpf(), fd);
    }
    byte[] tag = new byte[8];
    info.get(8, tag);
    byte[] name = new byte[PROGRAM_SIZE - PROGRAM_NAME_AT];
    info.get(PROGRAM_NAME_AT, name);
    int length = 0;
    while (length < name.length && name[length] != 0) {
      length++;
    }
    return Optional.of(
        new PinnedDumper.Program(
            new String(name, 0, length, StandardCharsets.UTF_8),
            HexFormat.of().formatHex(tag),
            bootTime().plusNanos(info.getLong(40)).truncatedTo(ChronoUnit.SECONDS),
            Integer.toUnsignedLong(info.getInt(48)),
            query));
  }

  /**
   * When the kernel started; the epoch where it does not say. {@code /proc/stat} has it cut to
   * seconds, which would make times a second too early.
   */
  private Instant bootTime() {
    if (bootTime == null) {
      bootTime = Instant.EPOCH;
      try {
        String uptime = Files.readString(Path.of("/proc/uptime"));
        BigDecimal seconds = new BigDecimal(uptime.substring(0, uptime.indexOf(' ')));
        bootTime = Instant.now().minusNanos(seconds.movePointRight(9).longValue());
      } catch (IOException e) {
        // no /proc: times count from the start
      }
    }
    return bootTime;
  }

  private static ByteBuffer buffer(Arena arena, int size) {
    return arena.allocate(size, 8).asByteBuffer().order(ByteOrder.nativeOrder());
  }
}
