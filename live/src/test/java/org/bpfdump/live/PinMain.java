// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.live;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.SyscallException;
import org.bpfdump.kernel.Target;
import org.bpfdump.spec.ProgramSpec;

/**
 * A process that pins a dumper {@code f} of a target that writes the letter A, replaces it by one
 * that writes B, and removes it, as often as it is told; it may be too late for any of that, as
 * others do the same. Its arguments: the tree, the programs' name, how often. When it is ready it
 * says so and waits for a line; in the end it says how much it did.
 */
final class PinMain {
  static final String TARGET = "bpf_link";

  private PinMain() {}

  /** A program under a name of its own, by which a test finds it in the kernel. */
  static ProgramSpec program(String name, char letter) {
    ProgramSpec made = Programs.letterForEach(TARGET, letter);
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

  public static void main(String[] args) throws IOException {
    int done;
    try (LiveKernel kernel = LiveKernel.open()) {
      DumperTree tree = DumperTree.of(kernel, Path.of(args[0]));
      // All classes are loaded then, and what comes is as quick as it will ever be.
      work(kernel, tree, "warm" + ProcessHandle.current().pid(), "warm", 1);
      System.out.println("ready");
      if (System.in.read() < 0) {
        return;
      }
      done = work(kernel, tree, "f", args[1], Integer.parseInt(args[2]));
    }
    System.out.println(done);
  }

  private static int work(
      LiveKernel kernel, DumperTree tree, String file, String name, int rounds) {
    ProgramSpec first = program(name, 'A');
    ProgramSpec second = program(name, 'B');
    Target target = kernel.target(TARGET);
    int done = 0;
    for (int i = 0; i < 3 * rounds; i++) {
      try {
        switch (i % 3) {
          case 0 -> {
            DumperTree.Place place = tree.place(target, file);
            try (LiveDumper dumper = kernel.load(first)) {
              tree.pin(dumper, place, new Access(0444, Optional.empty(), Optional.empty()));
            }
          }
          case 1 -> {
            PinnedDumper pinned = tree.pinned(target, file);
            try (LiveDumper dumper = kernel.load(second, pinned.parameter())) {
              tree.replace(pinned, dumper);
            }
          }
          default -> tree.remove(file);
        }
        done++;
      } catch (RequestException e) {
        // another process was quicker
        require(e, "is taken", "no dumper ", "somebody removed it");
      } catch (SyscallException e) {
        throw new AssertionError(e);
      }
    }
    return done;
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
