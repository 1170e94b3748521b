// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bpfdump.asm.Code;
import org.bpfdump.btf.Btf;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.kernel.Parameter;
import org.bpfdump.kernel.Target;
import org.bpfdump.live.sys.Bpf;
import org.bpfdump.live.sys.Errno;
import org.bpfdump.live.sys.Fd;
import org.bpfdump.spec.ProgramSpec;

/**
 * The loading of one program spec: its BTF, its maps, the program, the link. Whatever it makes is
 * its own and goes with it, apart from the program and link that a dumper takes over.
 */
final class Loading implements AutoCloseable {
  private static final int FIRST_LOG = 64 << 10;

  /** Above this even old kernels take no log. */
  private static final int LAST_LOG = 16 << 20;

  /** A signal may interrupt the verifier, which says EAGAIN then. */
  private static final int INTERRUPTIONS = 5;

  private final LiveKernel kernel;
  private final Bpf bpf;
  private final ProgramSpec spec;
  private final Deque<Fd> owned = new ArrayDeque<>();
  private final Maps maps;

  /** Descriptors of programs' BTF, by the BTF: callees share their caller's. */
  private final Map<Btf, Fd> btfs = new HashMap<>();

  Loading(LiveKernel kernel, ProgramSpec spec) {
    this.kernel = kernel;
    this.bpf = kernel.bpf();
    this.spec = spec;
    this.maps = new Maps(kernel, this);
  }

  /** Keeps a descriptor until the loading is over. */
  Fd keep(Fd fd) {
    owned.push(fd);
    return fd;
  }

  LiveDumper load(Parameter parameter) {
    Attachment attachment = Attachment.of(kernel, spec);
    if (!(parameter instanceof Parameter.None)) {
      kernel.target(attachment.target()).requireTaken(parameter);
    }
    Loaded loaded = program(spec);
    Fd program = loaded.program();
    Map<String, Fd> programs = new HashMap<>();
    programs.put(spec.name(), program);
    for (ProgramSpec callee : spec.callees()) {
      programs.put(callee.name(), program(callee).program());
    }
    List<Fd> holders = maps.fillPrograms(spec, programs);
    Fd link = link(attachment, program, parameter);
    // The dumper owns descriptors of its own, so that everything here closes alike.
    return new LiveDumper(
        kernel,
        spec.name(),
        attachment.target(),
        ValueWrites.of(kernel, spec, loaded.attributes(), attachment.target()),
        Held.of(program, link, holders, maps.singles(spec)));
  }

  private static void requireNativeOrder(ProgramSpec program) {
    if (program.order() != ByteOrder.nativeOrder()) {
      throw new UnsupportedException(
          "program "
              + program.name()
              + " is compiled for machines of the other byte order: compile it with clang -target bpf"
              + " on one like this");
    }
  }

  /** A program, and what it was loaded by. */
  private record Loaded(Fd program, Bpf.ProgramAttributes attributes) {}

  private Loaded program(ProgramSpec program) {
    Attachment attachment = Attachment.of(kernel, program);
    requireNativeOrder(program);
    // What needs no privilege and leaves nothing behind goes first.
    Relocating relocating = new Relocating(kernel, program);
    relocating.resolveTypes();
    Optional<Fd> btf = program.btf().map(this::btf);
    maps.create(program, btf);
    relocating.resolveMaps(maps);
    Bpf.ProgramAttributes attributes =
        new Bpf.ProgramAttributes(
            program.name(),
            bytes(Code.of(relocating.slots())),
            program.license(),
            program.sleepable(),
            btf.isPresent() ? btf.get().number() : 0,
            btf.isPresent() ? functions(program.functions()) : new byte[0],
            btf.isPresent() ? lines(program.lines()) : new byte[0],
            attachment.function(),
            attachment.module(),
            relocating.descriptors());
    int result = load(bpf, attributes);
    if (result < 0 && result != -Errno.EPERM) {
      Bpf.Logged logged = logged(bpf, attributes);
      result = logged.result();
      if (result < 0) {
        throw VerifierReport.of(program, relocating, -result, logged.log());
      }
    }
    return new Loaded(keep(bpf.own(result, "load program " + program.name())), attributes);
  }

  /** Loads without a log. */
  static int load(Bpf bpf, Bpf.ProgramAttributes attributes) {
    int result;
    int tries = 0;
    do {
      result = bpf.programLoad(attributes, 0).result();
    } while (result == -Errno.EAGAIN && ++tries < INTERRUPTIONS);
    return result;
  }

  /** Loads once more for the verifier's reasons, with as large a log as it takes. */
  static Bpf.Logged logged(Bpf bpf, Bpf.ProgramAttributes attributes) {
    int size = FIRST_LOG;
    Bpf.Logged logged = bpf.programLoad(attributes, size);
    while (logged.result() == -Errno.ENOSPC && size < LAST_LOG) {
      size *= 4;
      logged = bpf.programLoad(attributes, size);
    }
    return logged;
  }

  /** The map of this index of a program, created when nothing has created it yet. */
  Fd map(ProgramSpec program, int index) {
    return maps.create(program, index, program.btf().map(this::btf));
  }

  /** A descriptor of a program's BTF, in the form that this kernel takes. */
  private Fd btf(Btf btf) {
    Fd fd = btfs.get(btf);
    if (fd == null) {
      fd = keep(ProgramBtf.load(bpf, btf, spec.name()));
      btfs.put(btf, fd);
    }
    return fd;
  }

  private Fd link(Attachment attachment, Fd program, Parameter parameter) {
    LinkInfo links = new LinkInfo(bpf, this);
    if (!(parameter instanceof Parameter.None)) {
      Target target = kernel.target(attachment.target());
      int result = bpf.linkCreate(program.number(), links.of(spec, parameter));
      if (result < 0) {
        throw notAttached(target, parameter, result);
      }
      return keep(bpf.own(result, "attach"));
    }
    int result = bpf.linkCreate(program.number(), new byte[0]);
    if (result < 0) {
      // Only now is it worth to find out what the target takes.
      Target target = kernel.target(attachment.target());
      if (result == -Errno.EINVAL && target.parameters().contains(Parameter.Kind.CGROUP)) {
        Parameter all = new Parameter.CgroupId(0, Parameter.Order.DESCENDANTS_PRE);
        result = bpf.linkCreate(program.number(), links.of(spec, all));
      }
      if (result < 0) {
        throw notAttached(target, parameter, result);
      }
    }
    return keep(bpf.own(result, "attach"));
  }

  private RuntimeException notAttached(Target target, Parameter parameter, int result) {
    String what = "cannot attach program " + spec.name() + " to target " + target.path() + ": ";
    boolean given = !(parameter instanceof Parameter.None);
    boolean takesMap = target.parameters().contains(Parameter.Kind.MAP);
    if (takesMap && !given) {
      return new RequestException(
          what + "it walks the elements of one map: give it (--map ID|NAME|PATH)");
    }
    return switch (-result) {
      case Errno.EINVAL -> {
        if (spec.sleepable()) {
          yield new UnsupportedException(
              what + "this kernel takes no sleepable program (iter.s/) there; use iter/");
        }
        yield new RequestException(
            what
                + (takesMap
                    ? "it does not walk maps of this type"
                    : given
                        ? "this kernel does not take " + parameter.shown()
                        : Errno.text(-result)));
      }
      case Errno.EACCES ->
          new RequestException(
              what + "the program reaches beyond the keys or values of the map; choose another");
      default ->
          given
              ? new RequestException(what + Errno.text(-result) + " for " + parameter.shown())
              : new SyscallException(what + Errno.text(-result), -result);
    };
  }

  private static byte[] bytes(Code code) {
    byte[] bytes = new byte[code.size() * 8];
    code.write(ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()));
    return bytes;
  }

  private static byte[] functions(List<ProgramSpec.FunctionInfo> functions) {
    ByteBuffer into = ByteBuffer.allocate(8 * functions.size()).order(ByteOrder.nativeOrder());
    for (ProgramSpec.FunctionInfo function : functions) {
      into.putInt(function.slot()).putInt(function.type());
    }
    return into.array();
  }

  private static byte[] lines(List<ProgramSpec.LineInfo> lines) {
    ByteBuffer into = ByteBuffer.allocate(16 * lines.size()).order(ByteOrder.nativeOrder());
    for (ProgramSpec.LineInfo line : lines) {
      into.putInt(line.slot()).putInt(line.file()).putInt(line.text());
      into.putInt(line.line() << 10 | line.column());
    }
    return into.array();
  }

  @Override
  public void close() {
    while (!owned.isEmpty()) {
      owned.pop().close();
    }
  }
}
