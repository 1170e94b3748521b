// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.nio.file.Path;
import java.util.Optional;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.kernel.Target;
import org.bpfdump.spec.ProgramSpec;

/**
 * A process that pins, replaces and removes dumper {@code f} of a target, as often as it is told;
 * it may be too late for any of that, as others do the same. Its arguments: the tree, the program's
 * name, how often. It says once that it begins, and the number of what it did in the end.
 */
final class PinMain {
  static final String TARGET = "bpf_link";

  private PinMain() {}

  /** A program under a name of its own, by which a test finds it in the kernel. */
  static ProgramSpec program(String name) {
    ProgramSpec made = Programs.letterForEach(TARGET);
    return new ProgramSpec(
        name,
        made.section(),
        made.target(),
        made.sleepable(),
        made.autoload(),
        made.license(),
        made.order(),
        made.code(),
        made.relocations(),
        made.functions(),
        made.lines(),
        made.maps(),
        made.callees(),
        made.btf());
  }

  public static void main(String[] args) {
    int done = 0;
    try (LiveKernel kernel = LiveKernel.open()) {
      DumperTree tree = DumperTree.of(kernel, Path.of(args[0]));
      ProgramSpec program = program(args[1]);
      Target target = kernel.target(TARGET);
      int rounds = Integer.parseInt(args[2]);
      System.out.println("begin");
      for (int i = 0; i < 3 * rounds; i++) {
        try {
          switch (i % 3) {
            case 0 -> {
              DumperTree.Place place = tree.place(target, "f");
              try (LiveDumper dumper = kernel.load(program)) {
                tree.pin(dumper, place, new Access(0444, Optional.empty(), Optional.empty()));
              }
            }
            case 1 -> {
              PinnedDumper pinned = tree.pinned(target, "f");
              try (LiveDumper dumper = kernel.load(program, pinned.parameter())) {
                tree.replace(pinned, dumper);
              }
            }
            default -> tree.remove("f");
          }
          done++;
        } catch (RequestException e) {
          // another process was quicker
          require(e, "is taken", "no dumper ", "somebody removed it");
        } catch (SyscallException e) {
          throw new AssertionError(e);
        }
      }
    }
    System.out.println(done);
  }

  private static void require(RequestException e, String... expected) {
    for (String part : expected) {
      if (e.getMessage().contains(part)) {
        return;
      }
    }
    throw e;
  }
}
