// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.live.sys.Libc;

/**
 * The tree of dumpers in a bpffs: a directory for each target, and in it the dumpers of that
 * target, files that dump when they are read. Several processes may use one tree at once: each
 * change is a single step of the kernel, and nothing is locked.
 *
 * <p>To pin: ask for the {@linkplain #place place} first, then load, then {@linkplain #pin pin}.
 */
public final class DumperTree {
  /** Where the tree is unless told otherwise. */
  public static final Path ROOT = TreeDirectories.BPFFS.resolve("bpfdump");

  private static final int LONGEST_NAME = 255;
  private static final int OWNER_BITS = 0600;
  private static final int ALL_BITS = 0777;

  private final LiveKernel kernel;
  private final Path root;
  private final Libc calls = new Libc();
  private final Pins pins;
  private final boolean sharesWriters;

  private DumperTree(LiveKernel kernel, Path root, boolean sharesWriters) {
    this.kernel = kernel;
    this.root = root.toAbsolutePath().normalize();
    this.pins = new Pins(kernel, this.root);
    this.sharesWriters = sharesWriters;
  }

  /** The tree at {@link #ROOT}. Nothing is made yet. The kernel stays the caller's. */
  public static DumperTree of(LiveKernel kernel) {
    return new DumperTree(kernel, ROOT, false);
  }

  /** The tree at a directory that is, or can be made, in a bpffs. */
  public static DumperTree of(LiveKernel kernel, Path root) {
    return new DumperTree(kernel, root, false);
  }

  /** This tree, but others may be given dumpers that write to the map they walk. */
  public DumperTree sharingWriters() {
    return new DumperTree(kernel, root, true);
  }

  /** The directory that holds it. */
  public Path root() {
    return root;
  }

  /**
   * Where a dumper can be pinned.
   *
   * @param target what it must be a dumper of
   * @param file the path, in the target's directory
   */
  public record Place(Target target, Path file) {}

  /**
   * Makes what is missing of the tree: a bpffs at {@code /sys/fs/bpf}, and one directory of mode
   * 0755 for each target of this kernel.
   *
   * @throws RequestException when it is somebody else's, others may write to it, or it cannot be
   *     made
   */
  public void make() {
    new TreeDirectories(root, calls).make(kernel.targets());
  }

  /**
   * Finds the place for a new dumper, and makes the tree when the name is good. Nothing is pinned,
   * so this is what to ask before a program is loaded.
   *
   * @param name a name, or a path that leads into the target's directory: inside the tree, or
   *     through any mount of it
   * @throws RequestException when the name is taken, leads elsewhere, or is none that the kernel
   *     takes; or when the tree cannot be used
   */
  public Place place(Target target, String name) {
    Path file = file(target, name);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw taken(file);
    }
    TreeName.of(root, name).requireWritable(root, "pin");
    make();
    Path directory = file.getParent();
    if (!Files.isWritable(directory)) {
      throw new RequestException(
          "cannot pin in "
              + directory
              + ": "
              + (Mount.of(directory).readOnly()
                  ? "it is mounted read-only"
                  : "this user may not write there; run as root"));
    }
    return new Place(target, file);
  }

  private RequestException taken(Path file) {
    return new RequestException(
        "cannot pin "
            + shown(file)
            + ": the name is taken"
            + (Files.isDirectory(file) ? " by a directory" : "; choose another, or replace it"));
  }

  private Path file(Target target, String name) {
    String inside = inside(name);
    int slash = inside.lastIndexOf('/');
    String last = inside.substring(slash + 1);
    requireName(last);
    if (slash >= 0 && !inside.substring(0, slash).equals(target.path())) {
      throw new RequestException(
          "cannot pin "
              + name
              + ": dumpers of target "
              + target.path()
              + " are in its directory: "
              + target.path()
              + "/"
              + last);
    }
    return root.resolve(target.path()).resolve(last);
  }

  /** A name relative to the root. */
  private String inside(String name) {
    return TreeName.of(root, name).inside();
  }

  private static void requireName(String name) {
    boolean good = !name.isEmpty();
    for (int i = 0; i < name.length(); i++) {
      good &= name.charAt(i) != '.' && !Character.isISOControl(name.charAt(i));
    }
    if (!good || name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      throw new RequestException(
          "a dumper cannot be named \""
              + name
              + "\": the kernel takes 1 to 255 bytes, no dot and no slash");
    }
  }

  private String shown(Path file) {
    return file.startsWith(root) ? root.relativize(file).toString() : file.toString();
  }

  /**
   * Pins a dumper, which then outlives this process. At no time is its file open to more than was
   * asked for: it is born with no more than the owner's part of the mode, and gets the rest when it
   * belongs to whom it should. The dumper stays the caller's, who may close it.
   *
   * @throws RequestException when the place was taken meanwhile, or the file cannot be given to
   *     whom it should: then nothing is pinned
   * @throws RequestException also when others than this user could read a dumper that may write to
   *     the values of the map it walks, unless this tree is {@linkplain #sharingWriters for that}
   * @throws UnsupportedException when the program calls others through a map, which the kernel
   *     empties when the loading process ends
   */
  public void pin(LiveDumper dumper, Place place, Access access) {
    requirePinnable(dumper, place.target());
    if (!sharesWriters && Sharing.byNew(access)) {
      Sharing.requireNoWrites(dumper, "pin program " + dumper.name() + " for others");
    }
    int birth = access.mode() & OWNER_BITS;
    Fd link = dumper.held().link();
    String path = place.file().toString();
    int result =
        OwnUmask.with(calls, ALL_BITS & ~birth, () -> kernel.bpf().pin(link.number(), path));
    if (result == -Errno.EEXIST) {
      throw taken(place.file());
    }
    if (result < 0) {
      throw notPinned(place, -result);
    }
    if (access.mode() != birth || access.owner().isPresent() || access.group().isPresent()) {
      new Handover(calls, pins, place.file(), birth).give(access, dumper.linkId());
    }
  }

  private SyscallException notPinned(Place place, int errno) {
    String remedy =
        switch (errno) {
          case Errno.ENOSPC, Errno.EDQUOT -> "; remove what nobody needs there";
          case Errno.ENOMEM -> "; the machine has no more, or a limit of this cgroup is reached";
          case Errno.EROFS -> "; mount it for writing";
          case Errno.EPERM, Errno.EACCES -> "; run as root, or as the owner of the directory";
          case Errno.ENOENT -> "; somebody removed the directory at the same time, try again";
          default -> "";
        };
    return new SyscallException(
        "cannot pin " + shown(place.file()) + ": " + Errno.text(errno) + remedy, errno);
  }

  private static void requirePinnable(LiveDumper dumper, Target target) {
    if (!dumper.targetName().equals(target.name())) {
      throw new RequestException(
          "dumper "
              + dumper.name()
              + " is one of target "
              + dumper.targetName()
              + ", not of "
              + target.name());
    }
    if (!dumper.held().programHolders().isEmpty()) {
      throw new UnsupportedException(
          "cannot pin program "
              + dumper.name()
              + ": it calls others through a map of programs, which the kernel empties when this"
              + " process ends; call them as functions");
    }
  }

  /**
   * The dumper of a target pinned under a name.
   *
   * @param name as {@link #place} takes it
   * @throws RequestException when there is none
   */
  public PinnedDumper pinned(Target target, String name) {
    Path file = file(target, name);
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      Optional<PinnedDumper> pinned = pins.dumper(file);
      if (pinned.isPresent()) {
        return pinned.get();
      }
    }
    throw new RequestException("no dumper is pinned as " + shown(file) + "; list them first");
  }

  /**
   * Swaps the program of a pinned dumper in one step. Who has the file open goes on with the one
   * before; its mode, owner, group and parameter stay as they are. The new dumper stays the
   * caller's; what is pinned keeps its program only.
   *
   * @param pinned the dumper, as it was found
   * @param dumper loaded with the same parameter: the kernel compares a program with the map that
   *     it is to walk only when it attaches it
   * @throws RequestException when the parameter differs, another dumper has taken the place, it was
   *     removed, or it is shared and the new one may write to the values of the map that it walks
   *     (see {@link #pin}): then what is pinned there is unchanged
   */
  public void replace(PinnedDumper pinned, LiveDumper dumper) {
    Target target = kernel.target(pinned.target());
    requirePinnable(dumper, target);
    if (!sharesWriters && Sharing.byPinned(pinned)) {
      Sharing.requireNoWrites(dumper, "replace " + pinned.name() + ", which is for others too");
    }
    Parameter parameter = pins.parameter(dumper.held().link(), target);
    if (!parameter.equals(pinned.parameter())) {
      throw new RequestException(
          "cannot replace "
              + pinned.name()
              + ", which is for "
              + pinned.parameter().shown()
              + ", by a program for "
              + parameter.shown()
              + ": load that with the same parameter");
    }
    try (Fd link = same(pinned)) {
      int result = kernel.bpf().linkUpdate(link.number(), dumper.held().program().number());
      Bpf.check(result, "replace the program of " + pinned.name());
    }
    // What was removed before the swap was not replaced; what is removed from now on, was.
    same(pinned).close();
  }

  private Fd same(PinnedDumper pinned) {
    Optional<Fd> link;
    try {
      link = pins.link(pinned.file());
    } catch (SyscallException e) {
      if (e.errno() != Errno.ENOENT) {
        throw e;
      }
      link = Optional.empty();
    }
    if (link.isPresent()) {
      if (pins.linkId(link.get()) == pinned.linkId()) {
        return link.get();
      }
      link.get().close();
    }
    throw new RequestException(
        "cannot replace " + pinned.name() + ": somebody removed it at the same time; pin it anew");
  }

  /**
   * Every pinned iterator on every bpffs that this process sees, whoever pinned it; those of this
   * tree first.
   */
  public PinnedDumpers list() {
    return new BpffsWalk(pins, root).all();
  }

  /**
   * The file that a name means.
   *
   * @param name a path inside the tree, or through any mount of it; or a name that only one
   *     target's directory has
   * @throws RequestException when there is none, or there are several
   */
  public Path find(String name) {
    String inside = inside(name);
    if (inside.indexOf('/') >= 0) {
      requireName(inside.substring(inside.lastIndexOf('/') + 1));
      Path file = root.resolve(inside);
      if (inside.indexOf('.') < 0 && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        return file;
      }
      throw new RequestException("no dumper is pinned as " + inside + blindness());
    }
    requireName(inside);
    Path found = null;
    for (Target target : kernel.targets()) {
      Path file = root.resolve(target.path()).resolve(inside);
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        if (found != null) {
          throw new RequestException(
              "several dumpers are named "
                  + inside
                  + ": "
                  + shown(found)
                  + " and "
                  + shown(file)
                  + " among them; name one by its path");
        }
        found = file;
      }
    }
    if (found == null) {
      throw new RequestException("no dumper is named " + inside + blindness());
    }
    return found;
  }

  /** Why a dumper may be there that this user does not see; empty when there is no such reason. */
  private String blindness() {
    Path known = root;
    while (!Files.exists(known)) {
      known = known.getParent(); // what is in a directory that may not be searched is not there
    }
    return Files.isExecutable(known)
        ? ""
        : " that this user can see, who may not search " + known + "; ask its owner";
  }

  /**
   * Removes a dumper. Who has it open can read it to its end.
   *
   * @param name as {@link #find} takes it
   */
  public void remove(String name) {
    Path file = find(name);
    TreeName.of(root, name).requireWritable(root, "remove");
    try {
      Files.delete(file);
    } catch (NoSuchFileException e) {
      throw new RequestException("no dumper is pinned as " + shown(file));
    } catch (IOException e) {
      throw new RequestException("cannot remove " + shown(file) + ": " + reason(e));
    }
  }

  /** What the system says of a file that it refuses. */
  static String reason(IOException e) {
    return switch (e) {
      case AccessDeniedException _ -> "permission denied; run as root, or as its owner";
      case NoSuchFileException _ -> "no such file or directory";
      case FileSystemException failed when failed.getReason() != null -> failed.getReason();
      default -> e.toString();
    };
  }
}
