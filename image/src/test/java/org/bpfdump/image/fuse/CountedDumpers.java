// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.fuse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.bpfdump.error.RequestException;
import org.bpfdump.image.ImageKernel;
import org.bpfdump.image.ImageTree;
import org.bpfdump.image.TestImages;
import org.bpfdump.kernel.Dump;
import org.bpfdump.kernel.Dumper;
import org.bpfdump.kernel.Receipt;
import org.bpfdump.kernel.Target;
import org.bpfdump.obj.ObjectFile;
import org.bpfdump.spec.ProgramSpec;

/**
 * Makes dumpers of an image's kernel and counts which are open. What was written says whether it is
 * one: it starts with {@code p}; {@code e} breaks a rule of this program, and everything else one
 * of the writer's.
 */
final class CountedDumpers implements ImageTree.Maker {
  final AtomicInteger dumpers = new AtomicInteger();
  final AtomicInteger dumps = new AtomicInteger();

  /** How many dumps there were. */
  final AtomicInteger opened = new AtomicInteger();

  private final ImageKernel kernel;
  private final ProgramSpec program;

  CountedDumpers(ImageKernel kernel) {
    this.kernel = kernel;
    try {
      program = ObjectFile.read(TestImages.program("netlink")).program();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public ImageTree.Made make(byte[] content, List<String> options, Target target) {
    return switch (content[0]) {
      case 'p' -> new ImageTree.Made(new Counted(kernel.load(program)), options);
      case 'e' -> throw new IllegalStateException("a mistake");
      default -> throw new RequestException("no program");
    };
  }

  private final class Counted implements Dumper {
    private final Dumper dumper;

    Counted(Dumper dumper) {
      this.dumper = dumper;
      dumpers.incrementAndGet();
    }

    @Override
    public String name() {
      return dumper.name();
    }

    @Override
    public Target target() {
      return dumper.target();
    }

    @Override
    public Dump open() {
      Dump dump = dumper.open();
      dumps.incrementAndGet();
      opened.incrementAndGet();
      return new Dump() {
        @Override
        public long read(MemorySegment into) {
          return dump.read(into);
        }

        @Override
        public Receipt receipt() {
          return dump.receipt();
        }

        @Override
        public void close() {
          dump.close();
          dumps.decrementAndGet();
        }
      };
    }

    @Override
    public byte[] mapValue(String name) {
      return dumper.mapValue(name);
    }

    @Override
    public void close() {
      dumper.close();
      dumpers.decrementAndGet();
    }
  }
}
