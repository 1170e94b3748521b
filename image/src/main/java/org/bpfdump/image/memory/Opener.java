// SPDX-License-Identifier: Apache-2.0
package org.bpfdump.image.memory;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bpfdump.error.RequestException;
import org.bpfdump.error.UnsupportedException;
import org.bpfdump.image.ImageSource;

/** Finds out what files are by their first bytes, and takes off what they are packed in. */
final class Opener {
  private Opener() {}

  static DumpFile open(List<Path> paths, ImageSource.Progress progress) throws IOException {
    if (paths.isEmpty()) {
      throw new IllegalArgumentException("no file");
    }
    List<Source> sources = new ArrayList<>();
    try {
      for (Path path : paths) {
        Source source = Unpacker.open(path, progress);
        sources.add(source);
        if (FlatSource.starts(start(source))) {
          sources.set(sources.size() - 1, FlatSource.open(source));
        }
      }
      return dump(sources);
    } catch (IOException | RuntimeException | Error e) {
      sources.forEach(Source::close);
      throw e;
    }
  }

  static DumpFile dump(List<Source> sources) {
    Source first = sources.getFirst();
    if (ElfCore.starts(start(first))) {
      if (sources.size() > 1) {
        throw new RequestException(
            first.name() + " is an ELF core, which cannot be split: give it alone");
      }
      return ElfCore.open(first);
    }
    for (Source source : sources) {
      if (!KdumpMember.starts(start(source))) {
        throw new UnsupportedException(
            source.name()
                + " is no dump that can be read: an ELF core or a kdump-compressed file, perhaps"
                + " flattened, perhaps packed with xz, gzip or zstd");
      }
    }
    return KdumpFile.open(sources);
  }

  private static ByteBuffer start(Source source) {
    return source.bytes(0, (int) Math.min(source.size(), 16));
  }
}
